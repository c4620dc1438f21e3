namespace VSan.Tests.Proof.Guest;

/// <summary>What a line of shell came to in the guest.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Said">Its output and errors.</param>
internal sealed record GuestAnswer(int ExitCode, string Said);
