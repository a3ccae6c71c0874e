'use client';
import Link from 'next/link';
import { Button } from '../../design/button.tsx';
import { Icon } from '../../design/icon.tsx';
import { AccountMenu } from './account-menu.tsx';
import styles from './header.module.css';

export interface HeaderProps {
  readonly onMenu: () => void;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

/** The line on top of every page. */
export function Header({ onMenu, onSearch, onHelp }: HeaderProps) {
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
        <Button className={styles.search} aria-keyshortcuts="Control+K Meta+K" onClick={onSearch}>
          <Icon name="search" />
          <span className={styles.searchText}>Go to, do, find</span>
          <span className={styles.keys} aria-hidden="true">
            Ctrl K
          </span>
        </Button>
        <Button kind="quiet" onClick={onHelp}>
          <Icon name="help" />
          <span className="hidden-text">Help</span>
        </Button>
        <AccountMenu />
      </div>
    </header>
  );
}
