using System.Text;
using System.Text.Json;

namespace VSan.Station.Execution;

/// <summary>A person's desktop, kept here so that it is the same on every machine. Nobody sees another's.</summary>
public sealed class DesktopService
{
    /// <summary>A desktop with forty windows takes 6 KiB.</summary>
    public const int BytesMax = 16 * 1024;

    private readonly Ledger _ledger;

    internal DesktopService(Ledger ledger) => _ledger = ledger;

    /// <summary>As it was left; null before the first time, and for a machine.</summary>
    public async Task<string?> FindAsync(Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.PersonId is { } id ? (await _ledger.ReadAsync(transaction => transaction.Table<Desktop>().Find(id), cancellationToken))?.Content : null;
    }

    /// <summary>Keeps it. No audit line: nothing of the pool changes.</summary>
    /// <exception cref="ProblemException">It is no JSON, or too long, or a machine's.</exception>
    public Task KeepAsync(Caller caller, string content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(caller);
        Guid id = caller.PersonId ?? throw new ProblemException("forbidden", $"{caller.Name} is a machine and has no desktop.", "Sign in as a person.");
        RequireJson(content);
        return _ledger.WriteAsync(
            (transaction, _) =>
            {
                ITable<Desktop> desktops = transaction.Table<Desktop>();
                return desktops.Find(id) is { } present ? desktops.Update(present with { Content = content }) : desktops.Insert(new Desktop(id, content));
            },
            cancellationToken);
    }

    private static void RequireJson(string content)
    {
        if (Encoding.UTF8.GetByteCount(content) > BytesMax) throw new ProblemException("malformed", $"A desktop takes at most {BytesMax} bytes.", "Close some windows.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
        }
        catch (JsonException error)
        {
            throw new ProblemException("malformed", $"The desktop is not JSON: {error.Message}");
        }
    }
}
