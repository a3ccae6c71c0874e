export const HEALTH_CHECKS = Symbol('HealthChecks');
export const SERVER_FACTS = Symbol('ServerFacts');
export const STATUS_SOURCE = Symbol('StatusSource');
