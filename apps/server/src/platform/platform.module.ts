import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';

/** What main has built, for the modules to inject; nothing is constructed twice. */
@Global()
@Module({})
export class PlatformModule {
  static with(
    values: readonly (readonly [token: symbol | (abstract new (...args: never[]) => unknown), value: unknown])[],
  ): DynamicModule {
    const providers: Provider[] = values.map(([provide, useValue]) => ({ provide, useValue }));
    return { module: PlatformModule, providers, exports: values.map(([token]) => token) };
  }
}
