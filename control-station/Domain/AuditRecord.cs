using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VSan.Station.Domain;

/// <summary>One line of the audit log: who asked for what, and whether it was granted.</summary>
/// <param name="Number">Counts up from 1.</param>
/// <param name="At">When.</param>
/// <param name="Who">The caller.</param>
/// <param name="Action">What was asked, for example <c>volume.create</c>.</param>
/// <param name="Subject">On what.</param>
/// <param name="Outcome"><c>granted</c> or the problem's code.</param>
/// <param name="Hash">Covers this line and the hash of the line before, so that a changed or removed line shows.</param>
public sealed record AuditRecord(long Number, DateTimeOffset At, string Who, string Action, string Subject, string Outcome, string Hash)
{
    /// <summary>The line that follows <paramref name="last"/> (null for the first).</summary>
    public static AuditRecord After(AuditRecord? last, DateTimeOffset at, string who, string action, string subject, string outcome)
    {
        AuditRecord line = new((last?.Number ?? 0) + 1, at, who, action, subject, outcome, string.Empty);
        return line with { Hash = line.HashAfter(last?.Hash ?? string.Empty) };
    }

    /// <summary>True when this line follows <paramref name="last"/> and neither was changed since.</summary>
    public bool Follows(AuditRecord? last) => Number == (last?.Number ?? 0) + 1 && Hash == HashAfter(last?.Hash ?? string.Empty);

    // Each field is led by its length, so that no two lines read the same.
    private string HashAfter(string lastHash)
    {
        string[] fields = [lastHash, Number.ToString(CultureInfo.InvariantCulture), At.UtcTicks.ToString(CultureInfo.InvariantCulture), Who, Action, Subject, Outcome];
        StringBuilder text = new();
        foreach (string field in fields) text.Append(CultureInfo.InvariantCulture, $"{field.Length}:{field};");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
