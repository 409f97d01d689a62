import { type DynamicModule, Inject, Module, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { RETENTION_DAYS } from '#shared/limits.ts';
import type { BlobSettings } from '../config/config.ts';
import { DueDays } from '../day-keys/due-days.ts';
import { CALENDAR, type Calendar } from '../operations/calendar.ts';
import { OPERATOR, type Operator } from '../operations/operator.ts';
import { SpendingModule } from '../postage/spending.module.ts';
import { BlobsController } from './blobs.controller.ts';
import { BLOB_SPACE, BlobsService } from './blobs.service.ts';
import { BLOBS_STORE } from './blobs.store.ts';
import { BlobsStoreTypeorm } from './blobs.store.typeorm.ts';
import { CHUNK_STORAGE, type ChunkStorage } from './chunk-storage.ts';
import { Packs } from './packs.ts';

/** Milliseconds. Every look also blurs the times of the files. */
const LOOK_EVERY = 3_600_000;

@Module({})
export class BlobsModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly blobs: BlobsService;
  private readonly storage: ChunkStorage;
  private readonly operator: Operator;
  private readonly due: DueDays;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BlobsService) blobs: BlobsService, @Inject(CHUNK_STORAGE) storage: ChunkStorage,
    @Inject(OPERATOR) operator: Operator, @Inject(DueDays) due: DueDays,
  ) {
    this.blobs = blobs;
    this.storage = storage;
    this.operator = operator;
    this.due = due;
  }

  static with(settings: BlobSettings): DynamicModule {
    return {
      module: BlobsModule,
      imports: [SpendingModule],
      controllers: [BlobsController],
      providers: [
        BlobsService,
        { provide: BLOBS_STORE, useClass: BlobsStoreTypeorm },
        { provide: BLOB_SPACE, useValue: settings.space },
        { provide: CHUNK_STORAGE, useFactory: (calendar: Calendar) => storageFor(settings, calendar), inject: [CALENDAR] },
      ],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** After the last request. */
  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }

  private async look(): Promise<void> {
    try {
      await this.blobs.forget(await this.due.look());
    } catch {
      this.operator.warn('Old files could not be deleted, or the place where files are kept cannot be reached; trying again within the hour.');
    }
  }
}

/** @throws StartError when there is an S3-compatible storage and the relay cannot use it */
async function storageFor({ folder, reserve, s3 }: BlobSettings, calendar: Calendar): Promise<ChunkStorage> {
  if (s3 === undefined) return new Packs({ folder, reserve, daysKept: RETENTION_DAYS.post, today: () => calendar.today() });
  // Loaded where it is wanted: most hubs keep files on their disk.
  const [{ S3Objects }, { clientFor }, { mustHaveAccess }] = await Promise.all([import('./s3-objects.ts'), import('./s3-client.ts'), import('./s3-access.ts')]);
  const client = clientFor(s3);
  await mustHaveAccess(client);
  return new S3Objects(client);
}
