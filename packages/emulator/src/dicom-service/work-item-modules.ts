/**
 * What a work item must and must not have, module by module: `Keyword:AU`, with the requirement for
 * Create (A) and for Update (U), one letter where they are the same, none for `3`:
 *
 * - `1` must be there with a value; `2` must be there; `0` is not looked at
 * - `3` must have a value if it is there
 * - `x` must not be there; `e` must be empty
 *
 * Behind it, in brackets or as `=name` of a macro, what each item of a sequence is to have; `@name`
 * is a macro as it stands. The conditional requirements are optional to the service.
 *
 * @see PS3.4 table CC.2.5-3; source WorkitemDatasetValidatorExtension
 */
export const MODULES: readonly string[] = [
  'TransactionUID:20 TransactionUID:e0',
  '@sopCommon',
  '@scheduled',
  '@relationship',
  '@demographic',
  '@medical',
  '@visitIdentification',
  '@visitStatus',
  '@visitAdmission',
  '@progress',
  '@performed',
];

/** Modules and macros by name. */
export const MACROS: Readonly<Record<string, string>> = {
  sopCommon: `
    SpecificCharacterSet SOPClassUID:1x SOPInstanceUID:1x InstanceCreationDate
    InstanceCreationTime InstanceCoercionDateTime InstanceCreatorUID
    RelatedGeneralSOPClassUID OriginalSpecializedSOPClassUID
    CodingSchemeIdentificationSequence(CodingSchemeDesignator CodingSchemeRegistry
    CodingSchemeUID CodingSchemeExternalID CodingSchemeName CodingSchemeVersion
    CodingSchemeResponsibleOrganization CodingSchemeResourcesSequence(CodingSchemeURLType
    CodingSchemeURL)) ContextGroupIdentificationSequence(ContextIdentifier ContextUID
    MappingResource ContextGroupVersion)
    MappingResourceIdentificationSequence(MappingResource MappingResourceUID
    MappingResourceName) TimezoneOffsetFromUTC
    ContributingEquipmentSequence(PurposeOfReferenceCodeSequence=code Manufacturer
    InstitutionName InstitutionAddress StationName InstitutionalDepartmentName
    InstitutionalDepartmentTypeCodeSequence=code OperatorsName
    OperatorIdentificationSequence=person ManufacturerModelName DeviceSerialNumber
    SoftwareVersions DeviceUID UDISequence(UniqueDeviceIdentifier DeviceDescription)
    SpatialResolution DateOfLastCalibration TimeOfLastCalibration ContributionDateTime
    ContributionDescription) InstanceNumber SOPInstanceStatus SOPAuthorizationDateTime
    SOPAuthorizationComment AuthorizationEquipmentCertificationNumber @signature
    EncryptedAttributesSequence(EncryptedContentTransferSyntaxUID EncryptedContent)
    @originalAttributes @structuredDocument LongitudinalTemporalInformationModified
    QueryRetrieveView @conversionSource ContentQualification
    PrivateDataElementCharacteristicsSequence(PrivateGroupReference
    PrivateCreatorReference PrivateDataElementDefinitionSequence(PrivateDataElement
    PrivateDataElementValueMultiplicity PrivateDataElementValueRepresentation
    PrivateDataElementNumberOfItems PrivateDataElementKeyword PrivateDataElementName
    PrivateDataElementDescription PrivateDataElementEncoding RetrieveURI)
    BlockIdentifyingInformationStatus NonidentifyingPrivateElements
    DeidentificationActionSequence(IdentifyingPrivateElements DeidentificationAction))
    InstanceOriginStatus BarcodeValue @protocolReference
  `,
  scheduled: `
    ScheduledProcedureStepPriority:13 ScheduledProcedureStepModificationDateTime:1
    ProcedureStepLabel:13 WorklistLabel:23
    ScheduledProcessingParametersSequence:23=upsContentItem
    ScheduledStationNameCodeSequence:23=upsCode
    ScheduledStationClassCodeSequence:23=upsCode
    ScheduledStationGeographicLocationCodeSequence:23=upsCode
    ScheduledHumanPerformersSequence:03(HumanPerformerCodeSequence:1=upsCode
    HumanPerformerName:1 HumanPerformerOrganization:1)
    ScheduledProcedureStepStartDateTime:13 ExpectedCompletionDateTime
    ScheduledProcedureStepExpirationDateTime ScheduledWorkitemCodeSequence:23=upsCode
    CommentsOnTheScheduledProcedureStep:23 InputReadinessState:13
    InputInformationSequence:23=referencedInstances StudyInstanceUID
    OutputDestinationSequence(ReferencedSOPClassUID DICOMStorageSequence(DestinationAE:1)
    STOWRSStorageSequence(StorageURL:1) XDSStorageSequence(RepositoryUniqueID:1
    HomeCommunityID))
  `,
  relationship: `
    PatientName:2x PatientID:3x @issuerOfPatientID
    OtherPatientIDsSequence:23=otherPatientID PatientBirthDate:2x PatientSex:2x
    ReferencedPatientPhotoSequence=referencedInstances AdmissionID:2x
    IssuerOfAdmissionIDSequence:2x=designator AdmittingDiagnosesDescription:2x
    AdmittingDiagnosesCodeSequence:2x=upsCode
    ReferencedRequestSequence:2x(StudyInstanceUID:1 AccessionNumber:2
    IssuerOfAccessionNumberSequence:2=designator PlacerOrderNumberImagingServiceRequest
    OrderPlacerIdentifierSequence:2=designator FillerOrderNumberImagingServiceRequest
    OrderFillerIdentifierSequence:2=designator RequestedProcedureID:2
    RequestedProcedureDescription:2 RequestedProcedureCodeSequence:2=upsCode
    ReasonForTheRequestedProcedure ReasonForRequestedProcedureCodeSequence=upsCode
    RequestedProcedureComments ConfidentialityCode NamesOfIntendedRecipientsOfResults
    ImagingServiceRequestComments RequestingPhysician RequestingService
    RequestingServiceCodeSequence=upsCode IssueDateOfImagingServiceRequest
    IssueTimeOfImagingServiceRequest ReferringPhysicianName)
    ReplacedProcedureStepSequence:3x(ReferencedSOPClassUID:1 ReferencedSOPInstanceUID:1)
    TypeOfPatientID PatientBirthDateInAlternativeCalendar
    PatientDeathDateInAlternativeCalendar PatientAlternativeCalendar ReasonForVisit
    ReasonForVisitCodeSequence=code
  `,
  demographic: `
    PatientAge Occupation ConfidentialityConstraintOnPatientDataDescription
    PatientBirthDate PatientBirthTime PatientSex QualityControlSubject
    PatientInsurancePlanCodeSequence=code
    PatientPrimaryLanguageCodeSequence=primaryLanguage PatientSize PatientWeight
    PatientSizeCodeSequence=code PatientAddress MilitaryRank BranchOfService
    CountryOfResidence RegionOfResidence PatientTelephoneNumbers PatientTelecomInformation
    EthnicGroup PatientReligiousPreference PatientComments ResponsiblePerson
    ResponsiblePersonRole ResponsibleOrganization PatientSpeciesDescription
    PatientSpeciesCodeSequence=code PatientBreedDescription PatientBreedCodeSequence=code
    BreedRegistrationSequence(BreedRegistrationNumber BreedRegistryCodeSequence=code)
    StrainDescription StrainNomenclature StrainCodeSequence=code
    StrainAdditionalInformation StrainStockSequence(StrainStockNumber StrainSource
    StrainSourceRegistryCodeSequence=code)
    GeneticModificationsSequence(GeneticModificationsDescription
    GeneticModificationsNomenclature GeneticModificationsCodeSequence=code)
  `,
  medical: `
    MedicalAlerts PregnancyStatus SpecialNeeds Allergies SmokingStatus
    AdditionalPatientHistory LastMenstrualDate PatientSexNeutered PatientBodyMassIndex
    MeasuredAPDimension MeasuredLateralDimension PatientState
    PertinentDocumentsSequence(ReferencedSOPClassUID ReferencedSOPInstanceUID
    PurposeOfReferenceCodeSequence=code DocumentTitle)
    PertinentResourcesSequence(RetrieveURI ResourceDescription)
    PatientClinicalTrialParticipationSequence(ClinicalTrialSponsorName
    ClinicalTrialProtocolID ClinicalTrialProtocolName ClinicalTrialSiteID
    ClinicalTrialSiteName ClinicalTrialSubjectID ClinicalTrialSubjectReadingID)
  `,
  visitIdentification: `
    InstitutionName InstitutionAddress InstitutionCodeSequence=code
    InstitutionalDepartmentName InstitutionalDepartmentTypeCodeSequence=code AdmissionID
    IssuerOfAdmissionIDSequence=designator ReasonForVisit ReasonForVisitCodeSequence=code
    ServiceEpisodeID IssuerOfServiceEpisodeIDSequence=designator ServiceEpisodeDescription
  `,
  visitStatus: 'VisitStatusID CurrentPatientLocation PatientInstitutionResidence VisitComments',
  visitAdmission: `
    ReferringPhysicianName ReferringPhysicianAddress ReferringPhysicianTelephoneNumbers
    ReferringPhysicianIdentificationSequence=person ConsultingPhysicianName
    ConsultingPhysicianIdentificationSequence=person AdmittingDiagnosesDescription
    AdmittingDiagnosesCodeSequence=code RouteOfAdmissions AdmittingDate AdmittingTime
  `,
  progress: `
    ProcedureStepState:1x
    ProcedureStepProgressInformationSequence:23(ProcedureStepProgress:x3
    ProcedureStepProgressDescription:x3
    ProcedureStepProgressParametersSequence:x3=progressParameter
    ProcedureStepCommunicationsURISequence:x3(ContactURI:x1 ContactDisplayName:x3)
    ProcedureStepCancellationDateTime:x3 ReasonForCancellation:x3
    ProcedureStepDiscontinuationReasonCodeSequence:x3=upsCode)
  `,
  performed: `
    UnifiedProcedureStepPerformedProcedureSequence:23(ActualHumanPerformersSequence:x3(HumanPerformerCodeSequence:x3=upsCode
    HumanPerformerName:x3 HumanPerformerOrganization:x3)
    PerformedStationNameCodeSequence:x3=upsCode
    PerformedStationClassCodeSequence:x3=upsCode
    PerformedStationGeographicLocationCodeSequence:x3=upsCode
    PerformedProcedureStepStartDateTime:x3 PerformedProcedureStepDescription:x3
    CommentsOnThePerformedProcedureStep:x3 PerformedWorkitemCodeSequence:x3=upsCode
    PerformedProcessingParametersSequence:x3=upsContentItem
    PerformedProcedureStepEndDateTime:x3 OutputInformationSequence:x2=referencedInstances)
  `,
  code: '@basicCode EquivalentCodeSequence=equivalentCode @enhancedCode',
  person: `
    PersonIdentificationCodeSequence=code PersonAddress PersonTelephoneNumbers
    PersonTelecomInformation InstitutionName InstitutionAddress
    InstitutionCodeSequence=code InstitutionalDepartmentName
    InstitutionalDepartmentTypeCodeSequence=code
  `,
  signature: `
    MACParametersSequence(MACIDNumber MACCalculationTransferSyntaxUID MACAlgorithm
    DataElementsSigned) DigitalSignaturesSequence(MACIDNumber DigitalSignatureUID
    DigitalSignatureDateTime CertificateType CertificateOfSigner Signature
    CertifiedTimestampType CertifiedTimestamp DigitalSignaturePurposeCodeSequence=code)
  `,
  originalAttributes: `
    OriginalAttributesSequence(SourceOfPreviousValues AttributeModificationDateTime
    ModifyingSystem ReasonForTheAttributeModification ModifiedAttributesSequence
    NonconformingModifiedAttributesSequence(SelectorAttribute SelectorValueNumber
    SelectorSequencePointer SelectorSequencePointerPrivateCreator
    SelectorSequencePointerItems SelectorAttributePrivateCreator
    NonconformingDataElementValue))
  `,
  structuredDocument: `
    HL7StructuredDocumentReferenceSequence(ReferencedSOPClassUID ReferencedSOPInstanceUID
    HL7InstanceIdentifier RetrieveURI)
  `,
  conversionSource: `
    ConversionSourceAttributesSequence(ReferencedSOPClassUID ReferencedSOPInstanceUID
    ReferencedFrameNumber ReferencedSegmentNumber)
  `,
  protocolReference: `
    ReferencedDefinedProtocolSequence=protocol
    ReferencedPerformedProtocolSequence=protocol
  `,
  upsContentItem: `
    ValueType:1 ConceptNameCodeSequence:1=upsCode DateTime Date Time PersonName UID
    TextValue ConceptCodeSequence=upsCode NumericValue
    MeasurementUnitsCodeSequence=upsCode
  `,
  upsCode: `
    CodeValue CodingSchemeDesignator CodingSchemeVersion CodeMeaning:1 LongCodeValue
    URNCodeValue MappingResource MappingResourceUID ContextGroupVersion
    ContextGroupExtensionFlag ContextGroupLocalVersion ContextGroupExtensionCreatorUID
  `,
  referencedInstances: `
    TypeOfInstances:1 StudyInstanceUID SeriesInstanceUID
    ReferencedSOPSequence:1(ReferencedSOPClassUID:1 ReferencedSOPInstanceUID:1
    HL7InstanceIdentifier ReferencedFrameNumber ReferencedSegmentNumber)
    DICOMRetrievalSequence(RetrieveAETitle:1)
    DICOMMediaRetrievalSequence(StorageMediaFileSetID:2 StorageMediaFileSetUID:1)
    WADORetrievalSequence(RetrieveURI:1) XDSRetrievalSequence(RepositoryUniqueID:1
    HomeCommunityID) WADORSRetrievalSequence(RetrieveURL:1)
  `,
  issuerOfPatientID: `
    IssuerOfPatientID:2x IssuerOfPatientIDQualifiersSequence:2x(UniversalEntityID:2
    UniversalEntityIDType IdentifierTypeCode:2 AssigningFacilitySequence:2=designator
    AssigningJurisdictionCodeSequence:2=upsCode
    AssigningAgencyOrDepartmentCodeSequence:2=upsCode)
  `,
  otherPatientID: 'PatientID:1 @issuerOfPatientID TypeOfPatientID',
  designator: 'LocalNamespaceEntityID UniversalEntityID UniversalEntityIDType',
  primaryLanguage: '@code PatientPrimaryLanguageModifierCodeSequence=code',
  progressParameter: '@upsContentItem ContentItemModifierSequence:x3=upsContentItem',
  basicCode: `
    CodeValue CodingSchemeDesignator CodingSchemeVersion CodeMeaning LongCodeValue
    URNCodeValue
  `,
  equivalentCode: '@basicCode @enhancedCode',
  enhancedCode: `
    ContextIdentifier ContextUID MappingResource MappingResourceUID MappingResourceName
    ContextGroupVersion ContextGroupExtensionFlag ContextGroupLocalVersion
    ContextGroupExtensionCreatorUID
  `,
  protocol: `
    ReferencedSOPClassUID ReferencedSOPInstanceUID SourceAcquisitionProtocolElementNumber
    SourceReconstructionProtocolElementNumber
  `,
};
