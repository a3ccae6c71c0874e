'use client';
import Link from 'next/link';
import { useState } from 'react';

export default function Home() {
  const [count, setCount] = useState(0);
  return (
    <main>
      <h1>QuantumVault</h1>
      <button type="button" onClick={() => setCount(count + 1)}>
        {count}
      </button>
      <Link href="/sign-in">Sign in</Link>
    </main>
  );
}
