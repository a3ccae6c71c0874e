export { CountryFileError, openCountryFile } from './open-country-file.ts';
