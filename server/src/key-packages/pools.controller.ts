import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { FillPoolSchema, PackageTakenSchema, PoolFilledSchema, TakePackageSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { poolId, secret32 } from '#shared/ids.ts';
import { KEY_PACKAGE_SIZES, LIMITS } from '#shared/limits.ts';
import { PROTOBUF, decode, encode, must, ofSize } from '../http/protobuf.ts';
import { PoolsService } from './pools.service.ts';

@Controller('v1/pools')
export class PoolsController {
  private readonly pools: PoolsService;

  constructor(@Inject(PoolsService) pools: PoolsService) {
    this.pools = pools;
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async fill(@Body() body: unknown): Promise<Buffer> {
    const request = decode(FillPoolSchema, body);
    if (request.packages.length > LIMITS.packagesPerFill) throw new RelayRefusal('bad-field');
    const waiting = await this.pools.fill({
      pool: must(poolId(request.pool)),
      owner: must(secret32(request.ownerSecret)),
      anew: request.anew,
      packages: request.packages.map((sealed) => ofSize(sealed, KEY_PACKAGE_SIZES)),
      lastResort: request.lastResort.length === 0 ? undefined : ofSize(request.lastResort, KEY_PACKAGE_SIZES),
      postage: request.postage,
    });
    return encode(PoolFilledSchema, { waiting });
  }

  @Post('take')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async take(@Body() body: unknown): Promise<Buffer> {
    const request = decode(TakePackageSchema, body);
    const { sealed, lastResort } = await this.pools.take(must(poolId(request.pool)), request.postage);
    return encode(PackageTakenSchema, { package: sealed, lastResort });
  }
}
