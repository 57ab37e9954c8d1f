import { describeReading } from './support/reading-tests.ts';

describeReading('orthanc');
