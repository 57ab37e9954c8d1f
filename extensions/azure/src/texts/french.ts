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
    '{account} peut consulter les examens de {archive}, mais pas y enregistrer. Le compte rendu n’est pas enregistré. Demandez à votre administrateur le rôle DICOM Data Owner, ou téléchargez le compte rendu.',
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
  'report.nothing.title': 'Il n’y a encore rien à enregistrer.',
  'report.nothing.body': 'Faites d’abord une mesure, puis créez le compte rendu.',
  'report.unnamed': 'Mesures',
  'action.sign-in': 'Se connecter',
  'action.retry': 'Réessayer',
  'action.download': 'Télécharger',
  'action.discard': 'Supprimer',
  'action.details': 'Détails',
  'action.dismiss': 'Fermer',
  'action.copy': 'Copier',
  'action.copied': 'Copié',
  'action.sign-out': 'Se déconnecter',
  'action.reload': 'Réessayer',
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
  'session.renewal-failing': 'La connexion n’a pas pu être renouvelée. Nouvel essai en cours.',
  'session.menu': 'Compte et archive',
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
  'page.link-expired.title': 'Ce lien a expiré',
  'page.link-expired.body': 'Demandez un nouveau lien, ou connectez-vous pour voir l’examen.',
  'page.link-invalid.title': 'Ce lien n’est pas utilisable',
  'page.start.title': 'La visionneuse ne peut pas démarrer',
  'page.technical': 'Pour l’administrateur : {message}',
  'search.unreachable': 'L’archive n’a pas répondu. Vérifiez le réseau, puis réessayez.',
  'search.sign-in': 'Votre connexion a pris fin. Reconnectez-vous pour voir les examens.',
  'search.forbidden':
    'Votre compte ne peut pas lire les examens de cette archive. Demandez à votre administrateur le rôle DICOM Data Reader.',
  'search.failed':
    'L’archive n’a pas pu répondre à la recherche. Réessayez, ou prévenez votre administrateur.',
};
