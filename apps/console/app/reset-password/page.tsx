import type { Metadata } from 'next';
import { ResetPassword } from '../../features/sign-in/reset-password.tsx';

export const metadata: Metadata = { title: 'New password' };

export default function ResetPasswordPage() {
  return <ResetPassword />;
}
