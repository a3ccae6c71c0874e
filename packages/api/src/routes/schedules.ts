import { z } from 'zod';
import { may, route } from '../contract.ts';
import { idParams, pageOf, pageQuery } from '../schemas/primitives.ts';
import * as schedules from '../schemas/schedules.ts';

/** Routes of schedules; a part of `routes`. */
export const schedulesRoutes = {
  listSchedules: route({
    id: 'listSchedules',
    method: 'GET',
    path: '/api/schedules',
    ...may('schedule.read'),
    tag: 'schedules',
    summary: 'Schedules: work that comes back by the clock',
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, description: 'A page', schema: pageOf(schedules.scheduleSchema) },
  }),
  getSchedule: route({
    id: 'getSchedule',
    method: 'GET',
    path: '/api/schedules/{id}',
    ...may('schedule.read'),
    tag: 'schedules',
    etag: true,
    summary: 'One schedule',
    params: idParams,
    success: { status: 200, description: 'The schedule', schema: schedules.scheduleSchema },
  }),
  createSchedule: route({
    id: 'createSchedule',
    method: 'POST',
    path: '/api/schedules',
    ...may('schedule.create'),
    tag: 'schedules',
    idempotent: true,
    etag: true,
    summary: 'Create a schedule; each of its jobs acts on behalf of who created it',
    body: schedules.createScheduleBody,
    success: { status: 201, description: 'Created', schema: schedules.scheduleSchema },
  }),
  updateSchedule: route({
    id: 'updateSchedule',
    method: 'PATCH',
    path: '/api/schedules/{id}',
    ...may('schedule.update'),
    tag: 'schedules',
    ifMatch: true,
    etag: true,
    summary: 'Change, pause or resume a schedule',
    params: idParams,
    body: schedules.updateScheduleBody,
    success: { status: 200, description: 'The schedule', schema: schedules.scheduleSchema },
  }),
  deleteSchedule: route({
    id: 'deleteSchedule',
    method: 'DELETE',
    path: '/api/schedules/{id}',
    ...may('schedule.delete'),
    tag: 'schedules',
    summary: 'Delete a schedule; the jobs that it has asked for stay',
    params: idParams,
    success: { status: 204, description: 'Deleted' },
  }),
} as const;
