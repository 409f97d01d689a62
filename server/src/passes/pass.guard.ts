import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { type PassId, type Secret32, passId, secret32 } from '#shared/ids.ts';
import { PassesService } from './passes.service.ts';

/** `Authorization: Pass <base64url(pass id || secret)>` */
@Injectable()
export class PassGuard implements CanActivate {
  private readonly passes: PassesService;

  constructor(@Inject(PassesService) passes: PassesService) {
    this.passes = passes;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { authorization } = context.switchToHttp().getRequest<FastifyRequest>().headers;
    const shown = parsePass(authorization);
    if (shown === undefined) throw new RelayRefusal('no-pass');
    await this.passes.check(shown.pass, shown.secret);
    return true;
  }
}

/** @returns undefined for anything but 48 bytes in base64url without padding, behind the word `Pass` */
export function parsePass(header: string | undefined): { pass: PassId; secret: Secret32 } | undefined {
  const text = /^Pass ([A-Za-z0-9_-]{64})$/.exec(header ?? '')?.[1];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  const pass = passId(new Uint8Array(bytes.subarray(0, 16)));
  const secret = secret32(new Uint8Array(bytes.subarray(16)));
  return pass && secret ? { pass, secret } : undefined;
}
