/**
 * The console is a static export: the server sends files, no Next runtime is in it. A fixed build id makes two builds of
 * the same sources equal byte for byte, so that files named by their content may be cached for ever.
 */
export default {
  output: 'export',
  // Beside `dist`, which the build replaces in one step (tools/build/console.ts).
  distDir: '.export',
  generateBuildId: () => 'console',
  images: { unoptimized: true },
  trailingSlash: false,
  reactStrictMode: true,
  poweredByHeader: false,
  productionBrowserSourceMaps: false,
  // Types are checked with everything else by `npm run check`.
  typescript: { ignoreBuildErrors: true },
  // Our packages are taken as sources: a build needs no other build before it.
  transpilePackages: ['@quantumvault/api', '@quantumvault/cbor', '@quantumvault/crypto', '@quantumvault/tlog'],
  webpack: (config) => {
    config.resolve.conditionNames = ['source', '...'];
    return config;
  },
};
