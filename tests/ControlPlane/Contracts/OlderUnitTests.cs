using System.Text.Json;
using System.Text.Json.Nodes;
using VSan.Contracts.UnitLink;
using Xunit;

namespace VSan.Tests.ControlPlane.Contracts;

/// <summary>A unit of an older release says nothing of what came later: that is taken as none of it, so that a pool can be renewed unit by unit.</summary>
public sealed class OlderUnitTests
{
    [Fact]
    public void Report_WithoutLaterLists_HasEmptyOnes()
    {
        UnitReport present = new(Guid.NewGuid(), Guid.NewGuid(), 1, new ConfigurationStatus(1, 1, []), true, 0, []) { Legs = [new LegUsage(Guid.NewGuid(), 1)] };
        JsonObject older = JsonSerializer.SerializeToNode(present, UnitLinkJson.Default.UnitReport)!.AsObject();
        foreach (string later in (string[])["legs", "shares", "activity"]) Assert.True(older.Remove(later), later);
        UnitReport read = older.Deserialize(UnitLinkJson.Default.UnitReport)!;
        Assert.Equal((0, 0, 0), (read.Legs.Count, read.Shares.Count, read.Activity.Count));
    }

    [Fact]
    public void Inventory_WithoutLaterLists_HasEmptyOnes()
    {
        UnitInventory present = new(Guid.NewGuid(), [], [new StoreInventory(Guid.NewGuid(), "s", 1, 1, true, [])], default);
        JsonObject older = JsonSerializer.SerializeToNode(present, UnitLinkJson.Default.UnitInventory)!.AsObject();
        Assert.True(older.Remove("services"));
        Assert.True(older["stores"]![0]!.AsObject().Remove("shareIds"));
        UnitInventory read = older.Deserialize(UnitLinkJson.Default.UnitInventory)!;
        Assert.Empty(read.Services);
        Assert.Empty(read.Stores[0].ShareIds);
    }
}
