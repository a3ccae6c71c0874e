'use client';
import { Dialog } from '../../design/dialog.tsx';
import { useSession } from '../../session/session.tsx';
import { roomsOf } from '../shell/rooms.ts';
import { roomKeys } from './room-keys.ts';
import styles from './shortcuts.module.css';
import { setKeysOn, useKeysOn } from './switch.ts';

/** Every key that does something, and the switch that turns those of one character off (WCAG 2.1.4). */
export function ShortcutList({ onClose }: { readonly onClose: () => void }) {
  const { may } = useSession();
  const isOn = useKeysOn();
  const rooms = roomsOf(may);
  const keys = new Map([...roomKeys(rooms)].map(([key, room]) => [room.path, key]));
  return (
    <Dialog title="Keys" onClose={onClose}>
      <label className={styles.switch}>
        <input type="checkbox" checked={isOn} onChange={({ target }) => setKeysOn(target.checked)} />
        Keys of one character do something
      </label>
      <dl className={styles.keys}>
        <div>
          <dt>
            <kbd>Ctrl</kbd> or <kbd>⌘</kbd> with <kbd>K</kbd>
          </dt>
          <dd>Go to a room, do something, find a thing; it works in any case</dd>
        </div>
        <div>
          <dt>
            <kbd>/</kbd>
          </dt>
          <dd>Search in this room, or everywhere</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>This list</dd>
        </div>
        {rooms.map((room) => (
          <div key={room.path}>
            <dt>
              <kbd>g</kbd> then <kbd>{keys.get(room.path)}</kbd>
            </dt>
            <dd>{room.label}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>Esc</kbd>
          </dt>
          <dd>Close what is open</dd>
        </div>
      </dl>
    </Dialog>
  );
}
