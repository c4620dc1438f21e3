using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using VSan.Contracts.Api;
using VSan.Contracts.UnitLink;
using VSan.Station.Execution;
using VSan.Station.Link;
using Xunit;

namespace VSan.Tests.ControlPlane.Station;

public sealed class UnitLinkTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Guid _unitId = Guid.NewGuid();
    private readonly IDuplexPipe _dialled;
    private readonly UnitLink _link;

    public UnitLinkTests()
    {
        (IDuplexPipe station, _dialled) = DialledUnit.Pair();
        _link = new UnitLink(_unitId, new DuplexStream(station));
    }

    public void Dispose() => _link.Dispose();

    [Fact]
    public async Task Enquire_UnitAnswers_GivesItsInventory()
    {
        UnitInventory inventory = new(_unitId, ["127.0.0.1:3260"], [], DateTimeOffset.UnixEpoch);
        await using DialledUnit unit = await LinkAsync(context =>
        {
            Assert.Equal("/link/v1/inventory", context.Request.Path);
            return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(inventory, UnitLinkJson.Default.UnitInventory));
        });

        UnitInventory answer = await _link.EnquireAsync(CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal(inventory.UnitId, answer.UnitId);
        Assert.Equal(inventory.Portals, answer.Portals);
    }

    [Fact]
    public async Task Push_UnitHasNewerGeneration_IsGenerationRefused()
    {
        Problem refusal = new("/errors/generation-refused", "Too old", 409, "It has generation 7.", "generation-refused");
        await using DialledUnit unit = await LinkAsync(context =>
        {
            context.Response.StatusCode = refusal.Status;
            return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(refusal, UnitLinkJson.Default.Problem));
        });

        ConfigurationPush push = new(new UnitConfiguration(_unitId, 6, [], []), new Dictionary<string, string>());
        GenerationRefusedException exception =
            await Assert.ThrowsAsync<GenerationRefusedException>(() => _link.PushAsync(push, CancellationToken.None).WaitAsync(Deadline));
        Assert.Equal(refusal.Detail, exception.Message);
    }

    [Fact]
    public async Task ReadReports_LinesInPieces_AreHandedOutWholeUntilTheStreamEnds()
    {
        await using DialledUnit unit = await LinkAsync(async context =>
        {
            byte[] lines = [.. Line(1), .. Line(2), .. Line(3)];
            foreach (byte[] piece in lines.Chunk(100))
            {
                await context.Response.Body.WriteAsync(piece);
                await context.Response.Body.FlushAsync();
            }
        });

        List<long> sequences = [];
        await _link.ReadReportsAsync(report =>
        {
            sequences.Add(report.Sequence);
            return Task.CompletedTask;
        }, CancellationToken.None).WaitAsync(Deadline);

        Assert.Equal([1, 2, 3], sequences);
    }

    [Fact]
    public async Task ReadReports_ReportOfAnotherUnit_EndsTheLink()
    {
        byte[] foreign = Line(1, Guid.NewGuid());
        await using DialledUnit unit = await LinkAsync(context => WriteAsync(context, foreign));

        await Assert.ThrowsAsync<InvalidDataException>(() => _link.ReadReportsAsync(_ => Task.CompletedTask, CancellationToken.None).WaitAsync(Deadline));
    }

    [Fact]
    public async Task Enquire_AnsweredWithGarbage_IsAFailureOfTheNetwork()
    {
        await using DialledUnit unit = await LinkAsync(context => WriteAsync(context, "}"u8.ToArray()));

        await Assert.ThrowsAsync<IOException>(() => _link.EnquireAsync(CancellationToken.None).WaitAsync(Deadline));
    }

    [Fact]
    public async Task Links_FirstConnectionNoLongerAnswers_IsReplaced()
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using DialledUnit unit = await LinkAsync(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        UnitLinks links = new();
        int added = 0, removed = 0;
        Assert.Null(await links.TryAddAsync(_link, () => added++, CancellationToken.None));
        Task<UnitInventory> hanging = links.EnquireAsync(_unitId, CancellationToken.None);
        await asked.Task.WaitAsync(Deadline);

        using UnitLink second = new(_unitId, Stream.Null);
        Assert.Null(await links.TryAddAsync(second, () => added++, CancellationToken.None));

        await Assert.ThrowsAsync<IOException>(() => hanging.WaitAsync(Deadline));
        links.Remove(_link, () => removed++);
        Assert.True(links.IsConnected(_unitId));
        Assert.Equal((2, 0), (added, removed));
        links.Remove(second, () => removed++);
        Assert.False(links.IsConnected(_unitId));
        Assert.Equal(1, removed);
        await Assert.ThrowsAsync<IOException>(async () => await links.EnquireAsync(_unitId, CancellationToken.None));
    }

    private Task<DialledUnit> LinkAsync(RequestDelegate unit) => DialledUnit.ServeAsync(_dialled, unit);

    private byte[] Line(long sequence, Guid? unitId = null)
    {
        UnitReport report = new(unitId ?? _unitId, Guid.Empty, sequence, new ConfigurationStatus(0, 0, []), true, 0, []);
        return [.. JsonSerializer.SerializeToUtf8Bytes(report, UnitLinkJson.Default.UnitReport), (byte)'\n'];
    }

    private static Task WriteAsync(HttpContext context, byte[] body) => context.Response.Body.WriteAsync(body).AsTask();
}
