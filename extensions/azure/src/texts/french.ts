import type { Catalogue } from './english.ts';

export const french: Catalogue = {
  'report.saving.title': 'Enregistrement du compte rendu…',
  'report.saving.body': 'Gardez cette page ouverte jusqu’à la confirmation.',
  'report.saved.title': 'Le compte rendu est enregistré.',
  'report.saved.body': '« {name} » est dans {archive}, signé {observer}.',
  'report.saved.unsigned': '« {name} » est dans {archive}.',
  'report.saved-with-warnings.title': 'Le compte rendu est enregistré, avec une remarque.',
  'report.saved-with-warnings.body':
    '« {name} » est dans {archive}. L’archive a fait une remarque ; voir les détails.',
  'report.already-saved.title': 'Le compte rendu était déjà enregistré.',
  'report.already-saved.body':
    '« {name} » était déjà dans {archive}. Rien n’a été enregistré deux fois.',
  'report.rejected.title': 'Le compte rendu n’est pas enregistré.',
  'report.rejected.failure':
    '« {name} » n’est pas dans {archive} : il n’a pas été accepté. Transmettez les détails à votre administrateur.',
  'report.sign-in-required.title': 'Connectez-vous pour enregistrer le compte rendu.',
  'report.sign-in-required.failure':
    '« {name} » n’est pas encore enregistré. Cette page reste ouverte pendant la connexion.',
  'report.forbidden.title': 'Vous n’êtes pas autorisé à enregistrer ici.',
  'report.forbidden.failure':
    '{account} peut consulter les examens de {archive}, mais pas y enregistrer. Le compte rendu n’est pas enregistré. Demandez à votre administrateur le droit d’enregistrer (dans Azure : le rôle DICOM Data Owner), ou téléchargez le compte rendu.',
  'report.unreachable.title': 'L’archive est injoignable.',
  'report.unreachable.failure':
    '« {name} » n’est pas enregistré. Vérifiez le réseau, puis réessayez.',
  'report.throttled.title': 'L’archive est occupée.',
  'report.throttled.failure':
    '« {name} » n’est pas encore enregistré. Attendez une minute, puis réessayez.',
  'report.unknown.title': 'Il n’est pas certain que le compte rendu soit enregistré.',
  'report.unknown.failure':
    'La connexion s’est interrompue pendant l’enregistrement de « {name} ». Réessayez : l’archive est d’abord interrogée, rien ne sera enregistré deux fois.',
  'report.measurements-here': 'Vos mesures sont toujours là.',
  'report.measurements-gone':
    'Ses mesures ne sont plus dans la visionneuse. Cette page conserve le compte rendu ; téléchargez-le par sécurité.',
  'report.kept-and-here':
    'Vos mesures sont toujours là, et le compte rendu est gardé en brouillon sur cet ordinateur.',
  'report.kept':
    'Le compte rendu est gardé en brouillon sur cet ordinateur, pour vous seul. Il sera proposé de nouveau après un rechargement.',
  'report.other-account':
    'Le compte rendu est signé {made}, et vous êtes connecté en tant que {now}. Créez-le de nouveau pour le signer vous-même.',
  'report.settle-first':
    'Ce compte rendu passe d’abord : il n’est pas certain qu’il soit enregistré. Vos mesures plus récentes n’y sont pas.',
  'report.two-studies':
    'Il y a des mesures de plusieurs examens. Créez le compte rendu depuis le panneau des mesures.',
  'report.aside.unsaved': '« {name} » n’est pas enregistré. Ouvrir',
  'report.aside.unknown': 'Il n’est pas certain que « {name} » soit enregistré. Ouvrir',
  'report.invalid.body':
    'Ces mesures ne peuvent pas figurer dans un compte rendu. Elles sont toujours là. Les détails disent pourquoi.',
  'report.busy': 'Un compte rendu est en cours d’enregistrement. Attendez la confirmation.',
  'report.popup-blocked':
    'Le navigateur a bloqué la fenêtre de connexion. Autorisez les fenêtres de ce site, puis appuyez de nouveau sur Se connecter.',
  'report.sign-in-failed': 'La connexion n’a pas abouti. {reason}',
  'report.stored-not-shown':
    'Il n’a pas pu être affiché dans la liste de cette page. Rechargez la page pour le voir.',
  'report.stored-by-retrieval': 'Confirmé par relecture dans l’archive.',
  'report.downloaded': 'Téléchargé. Le compte rendu n’est pas dans l’archive.',
  'none.no-token': 'Vous n’êtes pas connecté. Connectez-vous pour enregistrer.',
  'none.expired':
    'Votre connexion a pris fin. Reconnectez-vous pour enregistrer ; vos mesures restent.',
  'none.read-only-link':
    'Ce lien permet de consulter. Connectez-vous pour enregistrer ; vos mesures restent.',
  'none.no-write-permission':
    'Votre connexion n’autorise pas l’enregistrement. Reconnectez-vous ; si cela n’aide pas, adressez-vous à votre administrateur.',
  'none.wrong-kind': 'Cette page n’a pas reçu de jeton d’accès. Connectez-vous pour enregistrer.',
  'none.wrong-audience':
    'Votre connexion vaut pour un autre service. Reconnectez-vous pour enregistrer.',
  'preflight.title': 'Avant d’enregistrer',
  'preflight.none.title': 'Ces mesures ne peuvent pas figurer dans un compte rendu.',
  'preflight.signed': 'Le compte rendu ira dans {archive}, signé {observer}.',
  'preflight.unsigned': 'Le compte rendu ira dans {archive}, sans signature.',
  'preflight.without-form':
    'Absent du compte rendu, faute de forme dans un compte rendu DICOM : {names}. Cela reste dans le visualiseur jusqu’à ce que vous le quittiez.',
  'preflight.no-uids':
    'Il manque {names} aux images ; un compte rendu ne peut pas être classé. Prévenez votre administrateur.',
  'preflight.again':
    'Ces mesures figurent déjà dans un compte rendu enregistré. Les enregistrer de nouveau en crée un second.',
  'preflight.no-patient-id':
    'Les images n’ont pas d’identifiant de patient, et l’archive n’accepte aucun compte rendu sans lui. Prévenez votre administrateur.',
  'upload.rejected': 'Non enregistré : l’archive ne l’a pas accepté. {reason}',
  'upload.sign-in-required': 'Non enregistré : connectez-vous d’abord.',
  'upload.forbidden': 'Non enregistré : ce compte ne peut pas enregistrer ici.',
  'upload.unreachable': 'Non enregistré : l’archive est injoignable.',
  'upload.throttled': 'Non enregistré : l’archive est occupée. Réessayez dans une minute.',
  'upload.unknown':
    'Il n’est pas certain que ce soit enregistré. Envoyez-le de nouveau : rien n’est enregistré deux fois.',
  'drafts.title': 'Pas encore enregistré',
  'drafts.off.forbidden':
    'Pas de brouillons : ce navigateur ne garde rien pour cette page (fenêtre privée ?). Enregistrez vos comptes rendus avant de la quitter.',
  'drafts.off.full':
    'Pas de brouillons : l’espace de stockage de cet ordinateur est plein. Enregistrez vos comptes rendus avant de quitter la page.',
  'draft.report': 'Compte rendu « {name} »',
  'draft.measurements': 'Mesures ({count})',
  'draft.elsewhere': 'Ce brouillon est ouvert dans un autre onglet ou une autre fenêtre.',
  'draft.no-archive':
    'L’archive de ce brouillon ne figure plus dans les paramètres du visualiseur.',
  'draft.not-yet.title': 'Les images sont encore en cours de chargement.',
  'draft.not-yet.body':
    'Attendez qu’elles soient affichées, puis réessayez. Le brouillon est gardé.',
  'draft.back.title': 'Vos mesures sont de retour.',
  'draft.back.body':
    'Elles ne sont pas encore dans un compte rendu. Appuyez sur Créer SR pour les enregistrer.',
  'draft.discard.confirm':
    'Supprimer ce brouillon ? Il n’est pas dans l’archive et ne pourra pas être récupéré.',
  'report.nothing.title': 'Il n’y a encore rien à enregistrer.',
  'report.nothing.body': 'Faites d’abord une mesure, puis créez le compte rendu.',
  'report.unnamed': 'Mesures',
  'action.sign-in': 'Se connecter',
  'action.save': 'Enregistrer',
  'action.bring-back': 'Reprendre',
  'action.open-study': 'Ouvrir l’examen',
  'action.retry': 'Réessayer',
  'action.download': 'Télécharger',
  'action.discard': 'Supprimer',
  'action.details': 'Détails',
  'action.dismiss': 'Fermer',
  'action.copy': 'Copier',
  'action.copied': 'Copié',
  'action.sign-out': 'Se déconnecter',
  'action.reload': 'Réessayer',
  'action.reload-page': 'Recharger',
  'action.work-list': 'Retour à la liste',
  'discard.confirm': 'Supprimer ce compte rendu ? Il n’est pas dans l’archive.',
  'sign-out.confirm':
    'Se déconnecter ? Les mesures de cette page ne sont pas enregistrées dans un compte rendu et seraient perdues.',
  'dialog.title': 'Créer un compte rendu',
  'session.signed-in': 'Connecté : {account}',
  'session.signed-out': 'Non connecté',
  'session.expired': 'La connexion a pris fin',
  'session.link': 'Ce lien permet de consulter. Connectez-vous pour enregistrer.',
  'session.service': 'Archive : {archive}',
  'session.until': 'Connecté jusqu’à {time}',
  'session.may-save':
    'Vous pouvez consulter les examens. L’enregistrement dépend de votre rôle dans l’archive.',
  'session.view-only': 'Vous pouvez consulter les examens, mais pas enregistrer de comptes rendus.',
  'session.view-only.body':
    'Les comptes rendus de ce compte ne sont pas acceptés ici. Demandez à votre administrateur le droit d’enregistrer, ou téléchargez votre compte rendu.',
  'session.renewal-failing': 'La connexion n’a pas pu être renouvelée. Nouvel essai en cours.',
  'session.menu': 'Compte et archive',
  'session.step-up':
    'Vous pouvez consulter les examens. Votre connexion ne comprend pas l’enregistrement.',
  'session.window.title': 'Connectez-vous dans la fenêtre qui s’est ouverte.',
  'session.window.body': 'Cette page attend jusqu’à {time} et reste en l’état.',
  'session.window.not-noticed': 'Si vous avez fermé la fenêtre, appuyez sur Annuler.',
  'session.blocked.title': 'Le navigateur a bloqué la fenêtre de connexion.',
  'session.blocked.body':
    'Autorisez les fenêtres pop-up pour ce site, puis réessayez. Ou connectez-vous sur cette page : vous y reviendrez.',
  'session.not-kept.title': 'La page n’a pas été quittée.',
  'session.not-kept.body':
    'Ce qui n’est pas enregistré n’a pas pu être gardé sur cet ordinateur et serait perdu. Autorisez les fenêtres pop-up pour ce site, puis réessayez.',
  'session.consent.title': 'L’enregistrement ne vous est pas encore autorisé.',
  'session.consent.body':
    'Vous pouvez continuer à consulter. Demandez à votre administrateur l’autorisation d’enregistrer.',
  'session.missing.title': 'Votre connexion ne comprend pas l’enregistrement.',
  'session.missing.body':
    'Appuyez sur Autoriser l’enregistrement pour le demander. Cette page reste en l’état.',
  'session.ending.title': 'Votre connexion prend fin à {time}.',
  'session.ending.body':
    'Reconnectez-vous dans une fenêtre à part : cette page et vos mesures restent.',
  'session.ended.title': 'Votre connexion a pris fin.',
  'session.failed.title': 'La connexion n’a pas abouti.',
  'session.failed.timeout': 'Elle n’a pas été terminée à temps. Votre page est inchangée.',
  'session.failed.body': 'Votre page est inchangée.',
  'action.sign-in-again': 'Se reconnecter',
  'action.sign-in-here': 'Se connecter sur cette page',
  'action.show-window': 'Afficher la fenêtre',
  'action.cancel': 'Annuler',
  'action.later': 'Plus tard',
  'action.allow-saving': 'Autoriser l’enregistrement',
  'page.settings.title': 'Les réglages de la visionneuse contiennent des erreurs',
  'page.settings.intro':
    'Rien ne démarre avant leur correction dans app-config.js (config/azure.js). Un administrateur peut le faire :',
  'page.settings.found': 'Trouvé',
  'page.settings.expected': 'Attendu',
  'page.provider.title': 'La connexion n’est pas disponible pour le moment',
  'page.sign-in-failed.title': 'La connexion n’a pas abouti',
  'page.signed-out.title': 'Vous êtes déconnecté',
  'page.signed-out.body': 'Vous pouvez fermer cette fenêtre, ou vous reconnecter pour continuer.',
  'page.service.title': 'Les examens ne peuvent pas être chargés pour le moment',
  'page.service.body':
    'L’examen est peut-être bien dans {archive} ; cette page n’a pas pu le demander.',
  'page.gone.title': 'Cet examen n’est pas là',
  'page.refused.title': 'Votre compte ne permet pas d’ouvrir cet examen',
  'page.link-expired.title': 'Ce lien a expiré',
  'page.link-expired.body': 'Demandez un nouveau lien, ou connectez-vous pour voir l’examen.',
  'page.link-expired.no-sign-in': 'Demandez un nouveau lien.',
  'page.link-invalid.title': 'Ce lien n’est pas utilisable',
  'page.link-invalid.body':
    'L’archive ne l’accepte pas. Demandez un nouveau lien, ou connectez-vous pour voir l’examen.',
  'page.start.title': 'La visionneuse ne peut pas démarrer',
  'page.technical': 'Pour l’administrateur : {message}',
  'search.unreachable': 'L’archive n’a pas répondu. Vérifiez le réseau, puis réessayez.',
  'search.sign-in': 'Votre connexion a pris fin. Reconnectez-vous pour voir les examens.',
  'search.forbidden':
    'Votre compte ne peut pas lire les examens de cette archive. Demandez à votre administrateur le droit de les consulter (dans Azure : le rôle DICOM Data Reader).',
  'read.study': 'Un examen n’a pas pu être lu',
  'read.series': 'Une série n’a pas pu être lue et n’est pas affichée',
  'read.news': 'Cet examen est affiché tel qu’il a été ouvert auparavant ; il n’a pas pu être relu',
  'read.gone': 'L’archive n’a plus cet examen, ou plus en entier.',
  'read.changed': 'Cet examen a changé depuis sa dernière ouverture',
  'read.changed.body':
    'Des images ont été supprimées ou corrigées dans l’archive. Pour voir l’examen tel qu’il est, enregistrez vos mesures et rechargez la page.',
  'read.failed':
    'L’archive n’a pas pu fournir l’examen. Réessayez ou prévenez votre administrateur.',
  'search.failed':
    'L’archive n’a pas pu répondre à la recherche. Réessayez, ou prévenez votre administrateur.',
  'search.notice.newest':
    'Les {count} examens reçus en dernier par l’archive sont affichés. Les plus anciens se trouvent par le nom, la date, ou le numéro complet du patient ou de la demande.',
  'search.notice.more':
    'Plus de {count} examens correspondent. Ceux que l’archive a reçus en dernier sont affichés ; précisez la recherche pour voir les autres.',
  'search.notice.part':
    'Parties de {fields} : cherchées dans les {count} examens reçus en dernier seulement. Une valeur complète est trouvée dans toute l’archive ; un nom ou des dates restreignent la recherche.',
  'search.notice.standard':
    '{count} examens sont affichés. L’archive en a peut-être d’autres ; précisez la recherche pour les voir.',
  'search.field.patientName': 'noms',
  'search.field.patientID': 'numéros de patient',
  'search.field.accessionNumber': 'numéros de demande',
  'search.field.studyDescription': 'descriptions',
  'reading.image': 'Cette image ne peut pas être affichée.',
  'reading.images': 'Des images de cette série manquent.',
  'reading.document': 'Ce document ne peut pas être affiché.',
  'reading.video': 'Cette vidéo ne peut pas être affichée.',
  'reading.object': 'Ce lecteur ne peut pas afficher ce qui est ici.',
  'reading.signed-out':
    'Votre connexion a pris fin. Reconnectez-vous, puis rouvrez la série ; vos mesures restent.',
  'reading.forbidden':
    'Votre compte ou votre lien ne permet pas de la lire. Demandez à votre administrateur le droit de voir cet examen.',
  'reading.not-found':
    'L’archive ne l’a plus, ou n’a rien à montrer. Rechargez la page ; si cela ne suffit pas, prévenez votre administrateur.',
  'reading.busy': 'L’archive est occupée. Attendez une minute, puis rouvrez la série.',
  'reading.unreachable': 'L’archive ne répond pas. Vérifiez le réseau, puis rouvrez la série.',
  'reading.refused':
    'L’archive n’a pas pu l’envoyer. Réessayez ; si cela ne suffit pas, prévenez votre administrateur.',
  'reading.no-decoder':
    'Compression {syntax}, que ce lecteur ne sait pas décoder. Utilisez un autre poste, ou demandez à votre administrateur de la conserver sous une autre forme.',
  'reading.no-decoder.unnamed':
    'Sa compression n’est pas de celles que ce lecteur sait décoder. Utilisez un autre poste, ou demandez à votre administrateur de la conserver sous une autre forme.',
  'reading.no-pixels':
    'Ce que l’archive en a est vide. Vérifiez l’appareil d’origine, et faites-la renvoyer.',
  'reading.no-palette': 'Sa table de couleurs manque. Faites-la renvoyer par l’appareil d’origine.',
  'reading.unsupported':
    'Les objets de ce type ({list}) ne peuvent pas être affichés ici. Utilisez le poste prévu pour eux.',
  'reading.damaged':
    'Ce que l’archive a envoyé est endommagé, ou d’un type que ce lecteur ne sait pas décoder. Utilisez un autre poste, ou faites-le renvoyer par l’appareil d’origine.',
  'reading.not-played':
    'Ce navigateur ne sait pas lire une vidéo de ce type ({syntax}). Utilisez un autre navigateur ou un autre poste.',
  'reading.deep-colour.title': 'Les couleurs affichées ne sont pas celles de l’image.',
  'reading.deep-colour':
    'Elle a plus de 8 bits par couleur, que ce lecteur tronque. Ne l’interprétez pas ici : utilisez un autre poste.',
  'reading.blank.title': 'Cette image est vide.',
  'reading.blank':
    'Tous ses pixels sont identiques : elle est vide, ou endommagée sans que le décodeur le remarque.',
  'partition.label': 'Partition',
};
