'use client';
import { permissions } from '@quantumvault/api';
export default function SignIn() {
  return (
    <main>
      <h1>Sign in</h1>
      <p>{permissions.length}</p>
    </main>
  );
}
