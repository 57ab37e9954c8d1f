/** A DICOM service that stores what it takes: the emulator, without authentication. `node service-process.js <folder>`; prints its port. */
import { startDicomService } from '@ohif-azure/emulator';

const service = await startDicomService({ port: 0, auth: 'none', dataDir: process.argv[2] });
console.log(new URL(service.url).port);
