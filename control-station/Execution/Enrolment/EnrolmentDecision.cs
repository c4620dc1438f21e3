namespace VSan.Station.Execution;

/// <summary>What became of a startup packet.</summary>
/// <param name="ShortCode">What a person compares on both screens.</param>
public abstract record EnrolmentDecision(string ShortCode)
{
    /// <summary>Known, waiting for a person.</summary>
    /// <param name="ShortCode">What a person compares on both screens.</param>
    public sealed record Pending(string ShortCode) : EnrolmentDecision(ShortCode);

    /// <summary>Admitted.</summary>
    /// <param name="MemberId">The member.</param>
    /// <param name="ShortCode">What a person compares on both screens.</param>
    /// <param name="Certificate">Its client certificate, PEM, fresh.</param>
    public sealed record Approved(Guid MemberId, string ShortCode, string Certificate) : EnrolmentDecision(ShortCode);
}
