import type { Logger } from '../../../platform/logging/logger.ts';
import type { DueSchedules } from '../ports/schedule-repository.ts';
import type { FireSchedule } from './fire-schedule.ts';

export interface ScheduleTickerOptions {
  readonly due: DueSchedules;
  readonly fire: Pick<FireSchedule, 'fire'>;
  readonly pollIntervalMs: number;
  readonly logger: Logger;
}

const batch = 100;

/** Looks for schedules that are due, by the database's clock. Every worker process has one; the lock decides who fires. */
export class ScheduleTicker {
  readonly #options: ScheduleTickerOptions;
  #timer: NodeJS.Timeout | null = null;
  #ticking: Promise<void> | null = null;
  #isStopping = false;
  constructor(options: ScheduleTickerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => void this.tick(), this.#options.pollIntervalMs);
    void this.tick();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#ticking;
  }

  /** One look; a look that is under way is not doubled. Never rejects. */
  tick(): Promise<void> {
    this.#ticking ??= this.#look().finally(() => {
      this.#ticking = null;
    });
    return this.#ticking;
  }

  async #look(): Promise<void> {
    const { due, fire, logger } = this.#options;
    try {
      for (const schedule of await due.list(batch)) {
        if (this.#isStopping) return;
        // One that cannot be fired now stays due, and holds up no other.
        await fire
          .fire(schedule)
          .catch((err: unknown) => logger.warn({ err, scheduleId: schedule.id }, 'a schedule could not be fired'));
      }
    } catch (err) {
      logger.warn({ err }, 'due schedules could not be looked for; trying again');
    }
  }
}
