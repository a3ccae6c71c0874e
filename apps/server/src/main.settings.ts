import path from 'node:path';
import { loadSettings, SettingsError } from './config/load-settings.ts';

// The launcher runs this before it makes anything: the settings are read as the server will read them, and refused here.
try {
  loadSettings(process.env, path.join(process.cwd(), '.quantumvault'));
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 78;
}
