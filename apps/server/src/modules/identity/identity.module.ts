import { Module } from '@nestjs/common';
import type { Authorize } from '../../kernel/authorize.ts';
import { AUTHORIZE, MAY } from '../../platform/tokens.ts';
import type { May } from '../access/index.ts';
import { IdentityController } from './identity.controller.ts';
import { WhoAmI } from './who-am-i.ts';

@Module({
  controllers: [IdentityController],
  providers: [
    {
      provide: WhoAmI,
      inject: [AUTHORIZE, MAY],
      useFactory: (authorize: Authorize, may: May) => new WhoAmI({ authorize, may }),
    },
  ],
})
export class IdentityModule {}
export { PostgresApiKeyDirectory } from './postgres-api-key-directory.ts';
export { PostgresCredentialCheck } from './postgres-credential-check.ts';
export { PostgresIdentityStore } from './postgres-identity-store.ts';
