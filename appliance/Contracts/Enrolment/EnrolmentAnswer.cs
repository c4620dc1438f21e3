namespace VSan.Contracts.Enrolment;

/// <summary>The station's answer to a <see cref="StartupPacket"/>.</summary>
/// <param name="State">Where the admission stands.</param>
/// <param name="ShortCode">What a person compares on both screens before approving a pending member.</param>
/// <param name="Certificate">Client certificate, PEM, when approved.</param>
/// <param name="CaCertificate">The pool's CA certificate, PEM, when approved.</param>
/// <param name="LinkEndpoint">host:port that the member dials with its certificate, when approved.</param>
/// <param name="RetryAfterSeconds">When to send the packet again, when pending.</param>
public sealed record EnrolmentAnswer(
    EnrolmentState State,
    string ShortCode,
    string? Certificate,
    string? CaCertificate,
    string? LinkEndpoint,
    int? RetryAfterSeconds);
