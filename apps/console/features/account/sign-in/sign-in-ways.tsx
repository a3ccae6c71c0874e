'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Failure } from '../../../design/failure.tsx';
import { Notice } from '../../../design/notice.tsx';
import { Skeleton } from '../../../design/skeleton.tsx';
import { useSession } from '../../../session/session.tsx';
import { AuthenticatorApp } from './authenticator-app.tsx';
import { OwnPassword } from './own-password.tsx';
import { Passkeys } from './passkeys.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

/** ACC-2: the ways in. Recovery codes come from three places and are shown in one: until they are put away, here. */
export function SignInWays() {
  const { client } = useSession();
  const [codes, setCodes] = useState<readonly string[]>([]);
  const factors = useQuery({ queryKey: ['account', 'factors'], queryFn: () => client.getSecondFactors() });
  const { data } = factors;
  return (
    <>
      {data?.isRequired === true && !data.isEnrolled ? (
        <Notice kind="warning" title="Your organization wants a second factor of you.">
          <p>Add a passkey, or set up an authenticator app: until then some of what you may is withheld.</p>
        </Notice>
      ) : null}
      {factors.error === null ? null : <Failure error={factors.error} doing="Reading your second factors" />}
      {factors.isPending ? <Skeleton label="Reading your second factors" lines={6} /> : null}
      {data === undefined ? null : (
        <>
          <RecoveryCodes left={data.recoveryCodesLeft} isEnrolled={data.isEnrolled} codes={codes} onCodes={setCodes} />
          <Passkeys passkeys={data.passkeys} onCodes={setCodes} />
          <AuthenticatorApp app={data.totp} onCodes={setCodes} />
        </>
      )}
      <OwnPassword />
    </>
  );
}
