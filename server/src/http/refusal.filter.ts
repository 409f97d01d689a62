import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, NotFoundException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { RelayRefusal } from '#shared/errors.ts';
import { OPERATOR, type Operator } from '../operations/operator.ts';
import { sendRefusal } from './protobuf.ts';
import { answerUnknownPath } from './static-client.ts';

/** Whatever goes wrong leaves as a refusal of the one table; only its kind is told to the operator. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  private readonly operator: Operator;

  constructor(@Inject(OPERATOR) operator: Operator) {
    this.operator = operator;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (error instanceof NotFoundException) return answerUnknownPath(request, reply);
    const refusal = refusalFor(error, request);
    if (refusal.code === 'internal') this.operator.warn(`The relay met an error of its own: ${nameOf(error)}.`);
    sendRefusal(reply, refusal);
  }
}

/** Fastify's own errors, by the codes it documents, and a full disk of keys, in the words of the table. */
const KNOWN_ERRORS: Readonly<Record<string, 'too-large' | 'malformed' | 'storage-full'>> = {
  ENOSPC: 'storage-full',
  EDQUOT: 'storage-full',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed',
  FST_ERR_CTP_EMPTY_TYPE: 'malformed',
  FST_ERR_BAD_URL: 'malformed',
};

function refusalFor(error: unknown, request: FastifyRequest): RelayRefusal {
  if (error instanceof RelayRefusal) return error;
  const code = error instanceof Error && 'code' in error ? KNOWN_ERRORS[String(error.code)] : undefined;
  if (code !== undefined) return new RelayRefusal(code);
  const status = error instanceof HttpException ? error.getStatus() : statusOf(error);
  if (status === 413) return new RelayRefusal('too-large');
  // A sender that went away in the middle of its body. One that was read to its end is destroyed too.
  const gone = request.raw.destroyed && !request.raw.complete;
  if ((status >= 400 && status < 500) || gone) return new RelayRefusal('malformed');
  return new RelayRefusal('internal');
}

const statusOf = (error: unknown): number =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;

/** The class or code of an error, never its message: messages quote values. */
const nameOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : '';
  return `${error.name}${code}`;
};
