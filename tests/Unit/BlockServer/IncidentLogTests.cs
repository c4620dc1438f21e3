using VSan.BlockServer;
using VSan.Iscsi;
using Xunit;

namespace VSan.Tests.Unit.BlockServer;

/// <summary>What a hostile peer can write into our log: little, and on lines of its own.</summary>
public sealed class IncidentLogTests
{
    private readonly StringWriter _text = new();
    private readonly TestClock _clock = new();
    private readonly IncidentLog _log;

    public IncidentLogTests() => _log = new IncidentLog(new EventLog(_text, _clock), _clock);

    private string[] Lines => _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Incident_OfAPeer_IsOneLineWithItsClause()
    {
        Report("192.0.2.1:4000");
        string line = Assert.Single(Lines);
        Assert.Contains("event=connection-dropped reason=\"ProtocolError\" clause=\"RFC 7143, 11.7\" peer=\"192.0.2.1:4000\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Incidents_OfOneAddressAndReason_AreOneLineInTenSeconds_AndTheNextSaysHowManyWereHeld()
    {
        for (int port = 1; port <= 200; port++) Report($"192.0.2.1:{port}");
        Assert.Single(Lines);
        Report("192.0.2.2:1");
        Assert.Equal(2, Lines.Length);
        _clock.Advance(IncidentLog.Quiet);
        Report("192.0.2.1:7");
        Assert.Contains("held=199", Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Incidents_OfMoreAddressesThanAreRemembered_ShareOneLine()
    {
        for (int i = 0; i < IncidentLog.SourcesMax * 4; i++) Report($"[2001:db8::{i:x}]:3260");
        Assert.Equal(IncidentLog.SourcesMax + 1, Lines.Length);
    }

    [Fact]
    public void Incidents_FasterThanTheWriter_AreCountedAndNotKept()
    {
        for (int i = 0; i < IncidentLog.WaitingMax + 5; i++) _log.OnIncident(Of("192.0.2.1:1", "iqn.a"));
        _log.WriteWaiting();
        Assert.Contains("lost=5", Assert.Single(Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void InitiatorName_WithLineEndsAndQuotes_StaysInsideItsField()
    {
        Report("192.0.2.1:1", "iqn.\"\r\nlevel=info event=\u2028forged\u001b[31m");
        string line = Assert.Single(Lines);
        Assert.Contains("initiator=\"iqn.\\u0022\\r\\nlevel=info event=\\u2028forged\\u001B[31m\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
    }

    private void Report(string peer, string name = "iqn.2026-11.org.example:host")
    {
        _log.OnIncident(Of(peer, name));
        _log.WriteWaiting();
    }

    private static Incident Of(string peer, string name) => new(IncidentKind.ConnectionDropped, "ProtocolError", "RFC 7143, 11.7", peer, name);
}
