import { Module } from '@nestjs/common';
import { ObjectSweepJob } from './object-sweep.job.js';
import { ObjectSweepSchedule } from './object-sweep.schedule.js';

@Module({ providers: [ObjectSweepJob, ObjectSweepSchedule] })
export class ObjectSweepModule {}
