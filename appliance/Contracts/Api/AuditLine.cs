using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VSan.Contracts.Api;

/// <summary>One line of the audit log: who asked for what, and whether it was granted.</summary>
/// <param name="Number">Counts up from 1, without a gap.</param>
/// <param name="At">When.</param>
/// <param name="Who">The caller.</param>
/// <param name="Action">What was asked, for example <c>volume.create</c>.</param>
/// <param name="Subject">On what.</param>
/// <param name="Outcome"><c>granted</c>, or the code of the problem.</param>
/// <param name="Hash">SHA-256, lower-case hexadecimal, over this line and the hash of the line before.</param>
public sealed record AuditLine(long Number, DateTimeOffset At, string Who, string Action, string Subject, string Outcome, string Hash)
{
    /// <summary>The hash of this line when it follows one with <paramref name="lastHash"/> (empty for the first).</summary>
    public string HashAfter(string lastHash)
    {
        // Each field is led by its length, so that no two lines read the same.
        string[] fields = [lastHash, Number.ToString(CultureInfo.InvariantCulture), At.UtcTicks.ToString(CultureInfo.InvariantCulture), Who, Action, Subject, Outcome];
        StringBuilder text = new();
        foreach (string field in fields) text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field};");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>One page of the audit log, newest first.</summary>
public sealed record AuditPage(IReadOnlyList<AuditLine> Items, string? NextCursor);

/// <summary>Whether the audit log is whole: <c>GET /audit:verify</c>.</summary>
/// <param name="Whole">True: every line follows the one before.</param>
/// <param name="Lines">How many lines were checked, up to the first that is at fault.</param>
/// <param name="LastHash">
/// Hash of the last good line. Keep it elsewhere together with <paramref name="Lines"/>: with it, the removal of the newest lines shows too.
/// </param>
/// <param name="Fault">What is wrong and where, or null.</param>
public sealed record AuditVerification(bool Whole, long Lines, string LastHash, string? Fault);

/// <summary>Walks an audit log from its first line on, and stops at the first that does not follow.</summary>
public sealed class AuditWalk
{
    /// <summary>Lines that were good.</summary>
    public long Lines { get; private set; }

    /// <summary>Hash of the last good line; empty before the first.</summary>
    public string LastHash { get; private set; } = string.Empty;

    /// <summary>What is wrong and where, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes the next line; false when it does not follow, and ever after.</summary>
    public bool Take(AuditLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (Fault is not null) return false;
        if (line.Number != Lines + 1) Fault = string.Create(CultureInfo.InvariantCulture, $"After line {Lines} comes line {line.Number}: lines were removed or reordered.");
        else if (line.Hash != line.HashAfter(LastHash)) Fault = string.Create(CultureInfo.InvariantCulture, $"Line {line.Number} or one before it was changed.");
        if (Fault is not null) return false;
        Lines = line.Number;
        LastHash = line.Hash;
        return true;
    }

    /// <summary>Compares with what was noted earlier.</summary>
    /// <param name="number">A line that was whole then.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="hashNow">The hash that the line has now, or null when there is none.</param>
    public void Compare(long number, string hash, string? hashNow)
    {
        if (Fault is null && hashNow != hash)
            Fault = string.Create(CultureInfo.InvariantCulture, $"Line {number} is not the one that was noted: the log was shortened or written anew.");
    }

    /// <summary>The outcome.</summary>
    public AuditVerification Outcome() => new(Fault is null, Lines, LastHash, Fault);
}
