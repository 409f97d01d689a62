import { Body, Controller, Get, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { FoundHubSchema, HubFoundedSchema, HubHelloSchema } from '#shared/gen/thicket/relay/v1/relay_pb.ts';
import { newestOf } from '#shared/generations.ts';
import { hubId, passId, secret32 } from '#shared/ids.ts';
import { PAGE_SIZE, PROTOCOL_VERSION } from '#shared/limits.ts';
import { PROTOBUF, decode, encode, must } from '../http/protobuf.ts';
import { GatewayService } from '../oblivious/gateway.service.ts';
import { NEIGHBOURS, type Neighbours } from '../oblivious/neighbours.ts';
import { Issuer } from '../postage/issuer.ts';
import { LayoutService } from '../shards/layout.service.ts';
import { FoundingService } from './founding.service.ts';

@Controller('v1')
export class FoundingController {
  private readonly founding: FoundingService;
  private readonly issuer: Issuer;
  private readonly layout: LayoutService;
  private readonly gateway: GatewayService;
  private readonly neighbours: Neighbours;

  constructor(
    @Inject(FoundingService) founding: FoundingService, @Inject(Issuer) issuer: Issuer,
    @Inject(GatewayService) gateway: GatewayService, @Inject(NEIGHBOURS) neighbours: Neighbours,
    @Inject(LayoutService) layout: LayoutService,
  ) {
    this.founding = founding;
    this.issuer = issuer;
    this.gateway = gateway;
    this.neighbours = neighbours;
    this.layout = layout;
  }

  @Get('hub')
  @Header('content-type', PROTOBUF)
  async hello(): Promise<Buffer> {
    const hub = await this.founding.hubOrUndefined();
    const generations = await this.layout.generations();
    const { publicKey } = await this.issuer.keys();
    return encode(HubHelloSchema, {
      version: PROTOCOL_VERSION,
      hub: hub ?? new Uint8Array(0),
      shards: newestOf(generations).count,
      pageSize: PAGE_SIZE,
      generations: generations.map(({ first, count, base, heads }) => ({ first, count, base: BigInt(base), heads: heads.map(BigInt) })),
      issuerKey: publicKey,
      allowance: this.issuer.allowance,
      gateway: await this.gateway.config(),
      neighbour: this.neighbours.own ?? '',
    });
  }

  @Post('found')
  @HttpCode(200)
  @Header('content-type', PROTOBUF)
  async found(@Body() body: unknown): Promise<Buffer> {
    const request = decode(FoundHubSchema, body);
    await this.founding.found({
      token: must(secret32(request.foundingToken)),
      hub: must(hubId(request.hub)),
      pass: must(passId(request.passId)),
      secret: must(secret32(request.passSecret)),
    });
    return encode(HubFoundedSchema, {});
  }
}
