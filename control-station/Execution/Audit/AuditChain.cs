using VSan.Contracts.Api;
using VSan.Station.Domain;

namespace VSan.Station.Execution;

/// <summary>Chains the lines of the audit log; the rule itself is the contract's, so that a line can be checked anywhere.</summary>
public static class AuditChain
{
    /// <summary>The line that follows <paramref name="last"/> (null for the first).</summary>
    public static AuditRecord After(AuditRecord? last, DateTimeOffset at, string who, string action, string subject, string outcome)
    {
        AuditRecord line = new((last?.Number ?? 0) + 1, at, who, action, subject, outcome, string.Empty);
        return line with { Hash = View(line).HashAfter(last?.Hash ?? string.Empty) };
    }

    /// <summary>True when the line follows <paramref name="last"/> (null for the first) and neither was changed since.</summary>
    public static bool Follows(AuditRecord line, AuditRecord? last)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Number == (last?.Number ?? 0) + 1 && line.Hash == View(line).HashAfter(last?.Hash ?? string.Empty);
    }

    /// <summary>The line as the API shows it.</summary>
    public static AuditLine View(AuditRecord line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return new(line.Number, line.At, line.Who, line.Action, line.Subject, line.Outcome, line.Hash);
    }

    /// <summary>Checks every line that a store keeps.</summary>
    /// <param name="store">Any store, also one that is not in service.</param>
    /// <param name="noted">A line's number and hash that were noted earlier, or null.</param>
    /// <param name="cancellationToken">Ends the walk.</param>
    public static async Task<AuditVerification> VerifyAsync(IStationStore store, (long Number, string Hash)? noted, CancellationToken cancellationToken)
    {
        const int Batch = 1000;
        ArgumentNullException.ThrowIfNull(store);
        AuditWalk walk = new();
        string? notedNow = null;
        while (true)
        {
            IReadOnlyList<AuditRecord> lines = await store.ReadAsync(transaction => transaction.AuditAfter(walk.Lines, Batch), cancellationToken);
            foreach (AuditRecord line in lines)
            {
                if (!walk.Take(View(line))) return walk.Outcome();
                if (line.Number == noted?.Number) notedNow = line.Hash;
            }

            if (lines.Count < Batch) break;
        }

        if (noted is { } earlier) walk.Compare(earlier.Number, earlier.Hash, notedNow);
        return walk.Outcome();
    }
}

/// <summary>Which lines of the audit log, newest first; null is no filter.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="Before">Only lines with a smaller number.</param>
/// <param name="Who">Only of this caller.</param>
/// <param name="Action">Only this action.</param>
/// <param name="Subject">Only on this.</param>
/// <param name="Outcome">Only those that ended so.</param>
/// <param name="Since">Only at this time or later.</param>
/// <param name="Until">Only before this time.</param>
public sealed record AuditQuery(
    int Limit = 100,
    long? Before = null,
    string? Who = null,
    string? Action = null,
    string? Subject = null,
    string? Outcome = null,
    DateTimeOffset? Since = null,
    DateTimeOffset? Until = null)
{
    /// <summary>True for a line that the query asks for.</summary>
    public bool Fits(AuditRecord line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return (Before is null || line.Number < Before) && (Who is null || line.Who == Who) && (Action is null || line.Action == Action)
            && (Subject is null || line.Subject == Subject) && (Outcome is null || line.Outcome == Outcome)
            && (Since is null || line.At >= Since) && (Until is null || line.At < Until);
    }
}
