/** How many tail sockets may come in, by counters alone: all of them, those not opened yet, and handshakes a second. */
import { Inject, Injectable } from '@nestjs/common';
import { RelayRefusal } from '#shared/errors.ts';
import { BOUNDS, type Bounds, TAIL } from '../overload/figures.ts';
import { FrontDoor } from '../overload/front-door.ts';
import { TokenBucket } from '../overload/token-bucket.ts';
import { TailSockets } from './tail-sockets.ts';

@Injectable()
export class TailDoor {
  private readonly bounds: Bounds;
  private readonly sockets: TailSockets;
  private readonly door: FrontDoor;
  private readonly handshakes = new TokenBucket(TAIL.handshakes);

  constructor(@Inject(BOUNDS) bounds: Bounds, @Inject(TailSockets) sockets: TailSockets, @Inject(FrontDoor) door: FrontDoor) {
    this.bounds = bounds;
    this.sockets = sockets;
    this.door = door;
  }

  /** Asked before the handshake is answered. @throws RelayRefusal shutting-down, too-many */
  admit(): void {
    if (this.door.isClosing) throw new RelayRefusal('shutting-down');
    const { all, unopened } = this.sockets.count();
    if (all >= this.bounds.tailSockets || !this.handshakes.take()) throw new RelayRefusal('too-many');
    if (unopened >= TAIL.unopened && !this.sockets.dropOneUnopened()) throw new RelayRefusal('too-many');
  }
}
