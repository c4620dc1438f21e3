using System.Net;
using System.Text;

namespace VSan.UnitAgent.State;

/// <summary>
/// <c>vsan-unit console</c>: what the screen of an appliance says to somebody who stands before it. It only tells; nobody signs in at it.
/// It is drawn anew when something changed.
/// </summary>
/// <param name="folder">The agent's state directory; it need not exist yet.</param>
/// <param name="addresses">The machine's addresses.</param>
/// <param name="time">Paces the looks.</param>
/// <param name="screen">A terminal of any kind: two sequences of ECMA-48 clear it.</param>
internal sealed class ConsoleScreen(string folder, Func<IReadOnlyList<IPAddress>> addresses, TimeProvider time, TextWriter screen)
{
    private const string Clear = "\e[2J\e[H";
    private const string NewLine = "\r\n";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>Draws until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? drawn = null;
        for (; !cancellationToken.IsCancellationRequested; await Task.Delay(Period, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
        {
            string text = Text(Status(), addresses());
            if (text == drawn) continue;
            await screen.WriteAsync($"{Clear}{text.ReplaceLineEndings(NewLine)}");
            await screen.FlushAsync(CancellationToken.None);
            drawn = text;
        }
    }

    /// <summary>The screen for one state.</summary>
    internal static string Text(UnitStatus? status, IReadOnlyList<IPAddress> addresses)
    {
        StringBuilder text = new();
        _ = text.AppendLine($"VSan Appliance {SoftwareVersion.Present.Split('+')[0]}").AppendLine();
        _ = text.AppendLine($"  unit        {status?.Name ?? "is starting"}");
        _ = text.AppendLine($"  address     {(addresses.Count == 0 ? "none yet: is a network cable plugged in?" : string.Join(", ", addresses))}");
        _ = text.AppendLine($"  station     {status?.Station?.ToString() ?? "not found yet"}");
        _ = text.AppendLine($"  short code  {status?.ShortCode ?? "-"}");
        _ = text.AppendLine($"  state       {State(status)}");
        foreach (Contracts.UnitLink.UnitCondition condition in status?.Configuration.Conditions ?? []) _ = text.AppendLine($"  attention   {condition.Message}");
        return text.ToString();
    }

    private static string State(UnitStatus? status) => status switch
    {
        null => "starting",
        { Failure: { } failure } => $"waiting, and trying again: {failure}",
        { Phase: "pending" } => "waiting for approval: compare the short code with the one that the station shows, then approve there",
        { Phase: "admitted", BlockServerRunning: false } => "admitted; the block server is down",
        { Phase: "admitted", Linked: false } => "serving; the station is not within reach",
        { Phase: "admitted" } => "ready",
        { Station: null } => "looking for the station",
        _ => "asking the station to let it in",
    };

    private UnitStatus? Status()
    {
        try
        {
            return DurableFile.Read(Path.Combine(folder, StatusReport.FileName), StateJson.Default.UnitStatus);
        }
        catch (Exception absence) when (absence is IOException or UnauthorizedAccessException or UnitFailure)
        {
            // Replaced at this moment, or not there yet: the next look sees it.
            return null;
        }
    }
}
