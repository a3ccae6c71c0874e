'use client';
import Link from 'next/link';
import { Button } from '../../design/button.tsx';
import { Icon } from '../../design/icon.tsx';
import { AccountMenu } from './account-menu.tsx';
import styles from './header.module.css';

/** The line on top of every page. */
export function Header({ onMenu }: { readonly onMenu: () => void }) {
  return (
    <header className={styles.header}>
      <Button kind="quiet" className={styles.menu} onClick={onMenu}>
        <Icon name="menu" />
        <span className="hidden-text">Rooms</span>
      </Button>
      <Link href="/" prefetch={false} className={styles.name}>
        <Icon name="shield" />
        QuantumVault
      </Link>
      <div className={styles.tools}>
        <AccountMenu />
      </div>
    </header>
  );
}
