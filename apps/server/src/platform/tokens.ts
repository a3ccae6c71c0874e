// What the platform gives to every module; bound once, in platform.module.ts.
export const UNIT_OF_WORK = Symbol('UnitOfWork');
export const AUTHORIZE = Symbol('Authorize');
export const ACCESS = Symbol('AccessDirectory');
export const MAY = Symbol('May');
export const MAY_NOW = Symbol('MayNow');
export const APPROVALS = Symbol('ApprovalGate');
export const APPROVAL_OUTLOOKS = Symbol('ApprovalOutlooks');
export const APPROVED_RUNNERS = Symbol('ApprovedRunners');
export const STILL_MAY = Symbol('StillMay');
export const REACH_OF = Symbol('ReachOf');
export const PLACES = Symbol('PlaceDirectory');
/** Counts a refusal before authentication (AUD-1); writes nothing in the request. */
export const COUNT_REFUSAL = Symbol('CountRefusal');
export const CLOCK = Symbol('Clock');
export const NEW_ID = Symbol('NewId');
export const SETTINGS = Symbol('ServerSettings');
export const DATABASES = Symbol('Databases');
export const LOGGER = Symbol('Logger');
export const METRICS = Symbol('Metrics');
export const TIME_CRYPTO = Symbol('TimeCrypto');
export const INSTALLATION = Symbol('Installation');
