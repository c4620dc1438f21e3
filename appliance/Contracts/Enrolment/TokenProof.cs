namespace VSan.Contracts.Enrolment;

/// <summary>Proof that the sender knows an enrolment token, without sending it.</summary>
/// <param name="TokenId">Which token; not a secret.</param>
/// <param name="Mac">HMAC-SHA256 over <see cref="EnrolmentTranscript"/> under <see cref="EnrolmentToken.ProofKey"/>, base64.</param>
public sealed record TokenProof(string TokenId, string Mac);
