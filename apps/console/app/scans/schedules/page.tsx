import type { Metadata } from 'next';
import { SchedulesPage } from '../../../features/scans/schedules-page.tsx';

export const metadata: Metadata = { title: 'Schedules' };

export default function SchedulesRoutePage() {
  return <SchedulesPage />;
}
