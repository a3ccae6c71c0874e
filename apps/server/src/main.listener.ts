import type { ServerSettings } from './config/load-settings.ts';
import type { Composition } from './main.compose.ts';
import type { HealthCheck } from './modules/operations/index.ts';
import { TlsListener } from './platform/tls/tls-listener.ts';
import { TlsMaterialError } from './platform/tls/tls-material.ts';
import { StartRefusal } from './start-refusal.ts';

export type { TlsListener };

const dayMs = 86_400_000;
const warnDays = 14;

/** PKI-3: what the listener shows, or null for plain HTTP. Files that do not fit stop the start. */
export function openListener(options: {
  readonly settings: ServerSettings;
  readonly composition: Composition;
  readonly installationId: string;
}): TlsListener | null {
  const { settings, composition, installationId } = options;
  const { clock, logger, platformAudit } = composition;
  if (settings.tls === null || settings.role === 'worker') return null;
  try {
    return new TlsListener({
      settings: settings.tls,
      now: () => clock.now().getTime(),
      onRefused: (reason) => logger.error({ reason }, 'the changed TLS files are not served'),
      onReload: ({ subject, notAfter }) => {
        logger.info({ subject, notAfter }, 'the changed TLS files are served');
        platformAudit
          .record({
            action: 'listener.reloaded',
            resource: { type: 'installation', id: installationId },
            details: { subject, notAfter },
          })
          .catch((err: unknown) => logger.error({ err }, 'the change of the TLS files was not recorded'));
      },
    });
  } catch (cause) {
    if (!(cause instanceof TlsMaterialError)) throw cause;
    throw new StartRefusal(`The listener's TLS: ${cause.message}.`, { isFinal: true, cause });
  }
}

/** Names what an operator must act on before clients notice it. */
export function listenerHealth(listener: TlsListener, now: () => number): HealthCheck {
  return {
    name: 'listener',
    isRequired: false,
    check: async () => {
      const { notAfter } = listener.material;
      const days = Math.floor((Date.parse(notAfter) - now()) / dayMs);
      if (listener.refused !== null) return { status: 'degraded', message: listener.refused };
      if (days < warnDays) return { status: 'degraded', message: `the certificate ends on ${notAfter}` };
      return { status: 'ok', message: `the certificate is valid until ${notAfter}` };
    },
  };
}
