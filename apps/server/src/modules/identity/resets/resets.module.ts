import { Module } from '@nestjs/common';
import type { Clock } from '../../../kernel/clock.ts';
import type { NewId } from '../../../kernel/ids.ts';
import { ACCESS, CLOCK, NEW_ID } from '../../../platform/tokens.ts';
import type { AccessDirectory } from '../../access/index.ts';
import { PostgresCredentialResets } from './postgres-credential-resets.ts';
import { ResetGuard } from './reset-guard.ts';

@Module({
  providers: [
    {
      provide: ResetGuard,
      inject: [ACCESS, NEW_ID, CLOCK],
      useFactory: (access: AccessDirectory, newId: NewId, clock: Clock) =>
        new ResetGuard({ access, resets: new PostgresCredentialResets({ newId }), clock }),
    },
  ],
  exports: [ResetGuard],
})
export class ResetsModule {}
