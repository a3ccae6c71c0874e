export default function HomePage() {
  return <main>QuantumVault</main>;
}
