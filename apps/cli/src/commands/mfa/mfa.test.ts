import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../test/contract-server.ts';
import { openWorkplace, transcriptOf } from '../../../test/run-qv.ts';
import { idOf } from '../../../test/samples.ts';

const instant = '2026-11-24T11:59:58.000Z';
const codes = ['abcd-efgh-ijkl-mnop', 'bcde-fghi-jklm-nopq'];
const secret = 'JBSWY3DPEHPK3PXP';
const factors = {
  isRequired: true,
  isEnrolled: true,
  totp: { createdAt: instant, lastUsedAt: null },
  passkeys: [
    { id: idOf(90), name: 'Laptop \u001b[2J', createdAt: instant, lastUsedAt: instant, isBackedUp: false, version: 1 },
  ],
  recoveryCodesLeft: 9,
  stepUpMaxAgeSeconds: 600,
};
const handlers = {
  getSecondFactors: () => ({ value: factors }),
  startTotp: () => ({
    status: 201,
    value: { secret, uri: `otpauth://totp/QV:anna?secret=${secret}&issuer=QV`, expiresAt: instant },
  }),
  confirmTotp: () => ({ value: { recoveryCodes: codes } }),
  removeTotp: () => ({ status: 204 }),
  createRecoveryCodes: () => ({ status: 201, value: { recoveryCodes: codes } }),
  removePasskey: () => ({ status: 204 }),
};
const atTerminal = (...secrets: string[]) => ({ isTerminal: true, secrets });

it('IFC-4: reads like a terminal', async () => {
  await using workplace = await openWorkplace(handlers);
  const commands = ['mfa', `mfa passkeys remove ${idOf(90)}`, 'mfa totp remove', 'mfa recovery-codes', 'mfa step-up'];
  await expect(await transcriptOf(workplace, commands)).toMatchFileSnapshot('../../../test/transcripts/mfa.txt');
});

describe('ACC-2: an authenticator app is added at a terminal', () => {
  it('by a drawn code; the secret is text only when it is asked for', async () => {
    await using workplace = await openWorkplace(handlers);
    const drawn = await workplace.qv('mfa totp enroll', atTerminal('123456'));
    expect(drawn).toMatchObject({
      exitCode: 0,
      err: expect.stringContaining('▀'),
      out: codes.map((c) => `${c}\n`).join(''),
    });
    expect(drawn.all).not.toContain(secret);
    const shown = await workplace.qv('mfa totp enroll --show-secret', atTerminal('123456'));
    expect(shown.err).toContain(`Secret   ${secret}\nAddress  otpauth://totp/`);
    expect(shown.out).not.toContain(secret);
  });

  it('a wrong code is asked for again, three times at most', async () => {
    let tries = 0;
    await using workplace = await openWorkplace({
      ...handlers,
      confirmTotp: () => {
        tries += 1;
        throw new Refusal(403, 'FACTORS_CODE_WRONG', 'wrong');
      },
    });
    expect(await workplace.qv('mfa totp enroll', atTerminal('111111', '222222', '333333', '444444'))).toMatchObject({
      exitCode: 3,
    });
    expect(tries).toBe(3);
  });

  it('codes go to a file that nobody else can read, and never into JSON or a pipe', async () => {
    await using workplace = await openWorkplace(handlers);
    const { out, err } = await workplace.qv('mfa recovery-codes --json --codes-file codes.txt');
    expect(JSON.parse(out)).toEqual({ recoveryCodes: 2 });
    expect(out + err).not.toContain(codes[0]);
    const file = join(workplace.folder, 'codes.txt');
    expect(readFileSync(file, 'utf8')).toBe(`${codes.join('\n')}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = workplace.server.asked.length;
    for (const command of [
      'mfa recovery-codes',
      'mfa recovery-codes --json',
      'mfa recovery-codes --codes-file codes.txt',
    ])
      expect(await workplace.qv(command), command).toMatchObject({ exitCode: 2 });
    expect(await workplace.qv('mfa totp enroll --codes-file more.txt')).toMatchObject({ exitCode: 2 });
    expect(await workplace.qv('mfa totp enroll --json', atTerminal('123456'))).toMatchObject({ exitCode: 2 });
    expect(workplace.server.asked.length).toBe(before);
  });
});
