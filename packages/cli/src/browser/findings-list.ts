import type { Finding } from '@ohif-azure/dicomweb/doctor';

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** One line of the list; texts only, so that nothing of an answer becomes markup. */
export function findingElement({ status, check, fault, message, remedy }: Finding): HTMLLIElement {
  const item = document.createElement('li');
  item.className = status;
  item.dataset.cy = 'doctor-finding';
  item.dataset.status = status;
  item.dataset.check = check;
  if (fault) item.dataset.fault = fault;
  item.append(
    element('span', 'status', status),
    element('span', 'check', check),
    element('span', 'message', message)
  );
  if (remedy) item.append(element('span', 'remedy', remedy));
  return item;
}

/** `11 ok, 1 warn, 0 fail` */
export function summaryText(findings: readonly Finding[]): string {
  const count = (status: Finding['status']) => findings.filter(one => one.status === status).length;
  return `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail`;
}
