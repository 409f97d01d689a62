/** A past that another device of this person sent: kept until it was taken in (past.ts). */
import { toBinary } from '@bufbuild/protobuf';
import { FileSchema, type File } from '../../content/gen/thicket/content/v1/content_pb.ts';
import { fileFacts } from '../../domain/files.ts';
import type { Draft } from '../draft.ts';

export const PENDING = { collection: 'settings', scope: 'history', order: 0 } as const;

export function takePast(draft: Draft, file: File): void {
  if (file.caption !== draft.device.deviceId || fileFacts(file) === undefined) return;
  draft.also({ put: PENDING, value: toBinary(FileSchema, file) });
  draft.afterwards(() => draft.device.wake.siblings());
}
