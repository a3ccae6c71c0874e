'use client';
import type { ProjectView, ServiceView } from '@quantumvault/api';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useListing } from '../../design/use-listing.tsx';
import { useSession } from '../../session/session.tsx';
import { EnvironmentDialog } from './environment-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import styles from './organization.module.css';
import { PlaceRow } from './place-row.tsx';
import type { EnvironmentView } from './places.ts';

function Branch({ isEmpty, things, children }: { isEmpty: boolean; things: string; children: ReactNode }) {
  return (
    <ul className={styles.tree}>
      {isEmpty ? <li className={styles.none}>no {things} here</li> : null}
      {children}
    </ul>
  );
}

/** An environment with its projects. What was opened asks the server; the rest is left alone. */
export function EnvironmentNode({
  value: environment,
  isOpenAtFirst,
}: {
  readonly value: EnvironmentView;
  readonly isOpenAtFirst: boolean;
}) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const [dialog, setDialog] = useState<'change' | 'project' | null>(null);
  const projects = useListing({
    queryKey: ['places', 'projects', environment.id],
    read: (cursor) => client.listProjects({ query: { limit: 50, cursor, environmentId: environment.id } }),
    things: 'projects',
    isEnabled: isOpen && may('project.read'),
  });
  return (
    <li>
      <PlaceRow
        kind="environment"
        name={environment.name}
        detail={environment.type}
        isOpen={may('project.read') ? isOpen : undefined}
        onToggle={() => setIsOpen(!isOpen)}
        change={may('environment.update') ? () => setDialog('change') : undefined}
        add={may('project.create') ? { label: 'New project', onPress: () => setDialog('project') } : undefined}
        remove={
          may('environment.delete') ? () => client.deleteEnvironment({ params: { id: environment.id } }) : undefined
        }
      />
      {isOpen && may('project.read') ? (
        <Branch isEmpty={projects.isEmpty} things="projects">
          {projects.items.map((project) => (
            <ProjectNode key={project.id} value={project} />
          ))}
        </Branch>
      ) : null}
      {projects.failure}
      {projects.more}
      {dialog === 'change' ? <EnvironmentDialog value={environment} onClose={() => setDialog(null)} /> : null}
      {dialog === 'project' ? (
        <NameDialog
          title={`New project in ${environment.name}`}
          save={(name) => client.createProject({ body: { name, environmentId: environment.id } })}
          onSaved={() => {
            setIsOpen(true);
            return queries.invalidateQueries({ queryKey: ['places'] });
          }}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </li>
  );
}

function ProjectNode({ value: project }: { readonly value: ProjectView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const [dialog, setDialog] = useState<'rename' | 'service' | null>(null);
  const params = { id: project.id };
  const services = useListing({
    queryKey: ['places', 'services', project.id],
    read: (cursor) => client.listServices({ query: { limit: 50, cursor, projectId: project.id } }),
    things: 'services',
    isEnabled: isOpen && may('service.read'),
  });
  const refresh = () => queries.invalidateQueries({ queryKey: ['places'] });
  return (
    <li>
      <PlaceRow
        kind="project"
        name={project.name}
        isOpen={may('service.read') ? isOpen : undefined}
        onToggle={() => setIsOpen(!isOpen)}
        change={may('project.update') ? () => setDialog('rename') : undefined}
        add={may('service.create') ? { label: 'New service', onPress: () => setDialog('service') } : undefined}
        remove={may('project.delete') ? () => client.deleteProject({ params }) : undefined}
      />
      {isOpen && may('service.read') ? (
        <Branch isEmpty={services.isEmpty} things="services">
          {services.items.map((service) => (
            <ServiceNode key={service.id} value={service} />
          ))}
        </Branch>
      ) : null}
      {services.failure}
      {services.more}
      {dialog === 'rename' ? (
        <NameDialog
          title={`Rename ${project.name}`}
          name={project.name}
          save={(name) => client.renameProject({ params, body: { name } }, { ifMatch: `"${project.version}"` })}
          onSaved={refresh}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {dialog === 'service' ? (
        <NameDialog
          title={`New service in ${project.name}`}
          save={(name) => client.createService({ body: { name, projectId: project.id } })}
          onSaved={() => {
            setIsOpen(true);
            return refresh();
          }}
          onClose={() => setDialog(null)}
        />
      ) : null}
    </li>
  );
}

function ServiceNode({ value: service }: { readonly value: ServiceView }) {
  const { client, may } = useSession();
  const queries = useQueryClient();
  const [isRenaming, setIsRenaming] = useState(false);
  const params = { id: service.id };
  return (
    <li>
      <PlaceRow
        kind="service"
        name={service.name}
        change={may('service.update') ? () => setIsRenaming(true) : undefined}
        remove={may('service.delete') ? () => client.deleteService({ params }) : undefined}
      />
      {isRenaming ? (
        <NameDialog
          title={`Rename ${service.name}`}
          name={service.name}
          save={(name) => client.renameService({ params, body: { name } }, { ifMatch: `"${service.version}"` })}
          onSaved={() => queries.invalidateQueries({ queryKey: ['places'] })}
          onClose={() => setIsRenaming(false)}
        />
      ) : null}
    </li>
  );
}
