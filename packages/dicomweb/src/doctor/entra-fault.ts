import type { DoctorTools } from './deployment.ts';
import type { CheckName, FaultName, Finding } from './finding.ts';
import { fail } from './finding.ts';

/** The faults that numbers of Entra ID stand for. @see Microsoft Learn, "Microsoft Entra authentication and authorization error codes" */
const FAULTS: ReadonlyMap<number, FaultName> = new Map([
  [90002, 'wrong-tenant'],
  [900021, 'wrong-tenant'],
  [900023, 'wrong-tenant'],
  [50194, 'wrong-tenant'],
  [50020, 'wrong-tenant'],
  [700016, 'client-unknown'],
  [50011, 'redirect-uri-unknown'],
  [9002326, 'redirect-uri-not-spa'],
  [7000218, 'redirect-uri-not-spa'],
  [65001, 'consent-missing'],
  [65004, 'consent-missing'],
  [90094, 'consent-missing'],
  [650057, 'consent-missing'],
  [500011, 'scope-wrong'],
  [70011, 'scope-wrong'],
  [1002012, 'scope-wrong'],
  [50001, 'scope-wrong'],
  [700024, 'clock-skew'],
]);

/** Remedies that tell where in the portal; for the other numbers what the table of the auth package says. */
const REMEDIES: Readonly<Partial<Record<FaultName, string>>> = {
  'wrong-tenant':
    'Set signIn.tenantId to the directory (tenant) id: Azure portal > Microsoft Entra ID > Overview.',
  'client-unknown':
    'Set signIn.clientId to the application (client) id of the viewer’s app registration, and check that it is in this tenant.',
  'redirect-uri-unknown':
    'Add the redirect URI: App registrations > the viewer’s app > Authentication > Single-page application.',
  'redirect-uri-not-spa':
    'In the app registration, take the redirect URI away from the platform "Web" and add it under "Single-page application".',
  'consent-missing':
    'Grant admin consent: App registrations > the viewer’s app > API permissions > Azure API for DICOM, Dicom.ReadWrite > Grant admin consent.',
  'scope-wrong':
    'Use the scope https://dicom.healthcareapis.azure.com/Dicom.ReadWrite for users, https://dicom.healthcareapis.azure.com/.default for applications.',
};

/** The name of the fault that a number of Entra ID stands for. */
export function faultOfEntra(number: number | undefined): FaultName | undefined {
  return number === undefined ? undefined : FAULTS.get(number);
}

/**
 * The finding that an error of Entra ID stands for.
 * @param subject - what is concerned, for the message: the redirect URI, say.
 */
export function entraFinding(
  check: CheckName,
  number: number,
  tools: Pick<DoctorTools, 'explainEntra'>,
  subject = 'The sign-in service'
): Finding {
  const fault = faultOfEntra(number) ?? 'sign-in-refused';
  const advice = tools.explainEntra?.(number);
  const meaning = advice?.meaning ?? 'the request is refused';
  return fail(
    check,
    fault,
    `${subject}: ${meaning} (AADSTS${number}).`,
    REMEDIES[fault] ??
      sentence(advice?.remedy ?? 'look the number up in the documentation of Microsoft Entra ID')
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
