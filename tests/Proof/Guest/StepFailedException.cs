namespace VSan.Tests.Proof.Guest;

/// <summary>A step ended otherwise than it had to.</summary>
internal sealed class StepFailedException(string step, string why) : Exception($"STEP {step} FAILED\n{why}")
{
    /// <summary>True: the guest has read other bytes than it wrote. That alone is what the negative control has to find.</summary>
    public bool IsWrongData { get; init; }
}
