import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import {
  BlobChunkSchema, BlobDeletedSchema, BlobOpenedSchema, ChunkWrittenSchema, DeleteBlobSchema, OpenBlobSchema, ReadChunkSchema, WriteChunkSchema,
} from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { blobId, secret32 } from '#shared/ids.ts';
import { LIMITS } from '#shared/limits.ts';
import { chunksOf, isBlobSize } from '#shared/padme.ts';
import { PROTOBUF, decode, encode, must, ofLength } from '../http/protobuf.ts';
import { BlobsService } from './blobs.service.ts';

const MOST_CHUNKS = chunksOf(LIMITS.blob);
const indexOf = (index: number): number => must(index < MOST_CHUNKS ? index : undefined);

@Controller('v1/blobs')
export class BlobsController {
  private readonly blobs: BlobsService;

  constructor(@Inject(BlobsService) blobs: BlobsService) {
    this.blobs = blobs;
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async open(@Body() body: unknown): Promise<Buffer> {
    const request = decode(OpenBlobSchema, body);
    const size = Number(request.size);
    const received = await this.blobs.open({
      blob: must(blobId(request.blob)), owner: must(secret32(request.ownerSecret)), size: must(isBlobSize(size) ? size : undefined),
      postage: request.postage,
    });
    return encode(BlobOpenedSchema, { received });
  }

  @Post('write')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async write(@Body() body: unknown): Promise<Buffer> {
    const request = decode(WriteChunkSchema, body);
    const received = await this.blobs.write({
      blob: must(blobId(request.blob)), owner: must(secret32(request.ownerSecret)), index: indexOf(request.index),
      chunk: ofLength(request.chunk, 1, LIMITS.blobChunk), postage: request.postage,
    });
    return encode(ChunkWrittenSchema, { received });
  }

  @Post('read')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async read(@Body() body: unknown): Promise<Buffer> {
    const request = decode(ReadChunkSchema, body);
    const { chunk, size } = await this.blobs.read(must(blobId(request.blob)), indexOf(request.index));
    return encode(BlobChunkSchema, { chunk, size: BigInt(size) });
  }

  @Post('delete')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async delete(@Body() body: unknown): Promise<Buffer> {
    const request = decode(DeleteBlobSchema, body);
    await this.blobs.delete(must(blobId(request.blob)), must(secret32(request.ownerSecret)));
    return encode(BlobDeletedSchema, {});
  }
}
