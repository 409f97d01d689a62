import { Module } from '@nestjs/common';
import { ISSUER_STORE } from './issuer.store.ts';
import { IssuerStoreTypeorm } from './issuer.store.typeorm.ts';
import { Issuer } from './issuer.ts';

/** Apart from the rest of postage, because the hub's hello shows the key and postage asks founding for the hub. */
@Module({
  providers: [Issuer, { provide: ISSUER_STORE, useClass: IssuerStoreTypeorm }],
  exports: [Issuer],
})
export class IssuerModule {}
