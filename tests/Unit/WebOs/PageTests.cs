using System.Xml;
using System.Xml.Linq;
using VSan.Contracts.Api;
using VSan.Tests.Markup;
using VSan.WebOs.Apps.Units;
using VSan.WebOs.Shell;
using Xunit;

namespace VSan.Tests.Unit.WebOs;

public sealed class PageTests
{
    public static TheoryData<string> Pages => [.. SamplePages.All.Keys];

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_Any_IsWellFormedAndHasItsLandmarks(string name)
    {
        XDocument page = PageMarkup.Parse(await SamplePages.RenderAsync(name));
        Assert.Equal("en", (string?)page.Root!.Attribute("lang"));
        Assert.Single(page.Descendants("h1"));
        Assert.Single(page.Descendants("main"), main => (string?)main.Attribute("id") == "content");
        Assert.Contains(SamplePages.All[name].Title, page.Descendants("title").Single().Value, StringComparison.Ordinal);
        Assert.All(page.Descendants("table"), table => Assert.Single(table.Elements("caption")));
        Assert.All(page.Descendants("th"), header => Assert.NotNull(header.Attribute("scope")));
        Assert.Empty(PageMarkup.Repeated(page));
        Assert.Empty(PageMarkup.Unnamed(page));
    }

    [Theory, MemberData(nameof(Pages))]
    public async Task Page_Any_HasNothingThatThePolicyForbids(string name) =>
        Assert.Empty(PageMarkup.Forbidden(PageMarkup.Parse(await SamplePages.RenderAsync(name))));

    [Fact]
    public void Forbidden_StyleHandlerAndScript_AreFound() =>
        Assert.Equal(3, PageMarkup.Forbidden(PageMarkup.Parse("""<html><p style="a" onclick="b">c</p><script>d</script></html>""")).Count());

    [Fact]
    public void Unnamed_InputWithoutLabel_IsFound() => Assert.Single(PageMarkup.Unnamed(PageMarkup.Parse("""<form><input id="x" /></form>""")));

    [Theory, InlineData("overview"), InlineData("units"), InlineData("volumes"), InlineData("volumes-refused"), InlineData("volume"), InlineData("purge"), InlineData("trash"), InlineData("hosts"), InlineData("host"), InlineData("connect"), InlineData("unit"), InlineData("tokens"), InlineData("forget"), InlineData("pool"), InlineData("policies"), InlineData("projects"), InlineData("topology"), InlineData("account"), InlineData("users"), InlineData("user"), InlineData("sessions"), InlineData("access-tokens"), InlineData("events"), InlineData("audit"), InlineData("settings"), InlineData("tasks-none"), InlineData("tasks"), InlineData("sign-in-refused"), InlineData("error")]
    public async Task Page_HostileName_IsTextAndNothingElse(string name)
    {
        string html = await SamplePages.RenderAsync(name);
        Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;&quot;&#x27;&amp;", html, StringComparison.Ordinal);
        XDocument page = PageMarkup.Parse(html);
        Assert.DoesNotContain(page.Descendants("img"), image => (string?)image.Attribute("src") != Asset.Mark.Path);
        Assert.Contains(SamplePages.HostileName, page.Root!.Value + string.Concat(page.Descendants().Attributes().Select(a => a.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public void Markup_NameThatIsNotEncoded_WouldBeFound() =>
        Assert.Throws<XmlException>(() => PageMarkup.Parse($"<html>{SamplePages.HostileName}</html>"));

    [Fact]
    public async Task Overview_EmptyPool_SaysHowTheFirstUnitJoins()
    {
        string html = await SamplePages.RenderAsync("overview-empty");
        Assert.Contains("The pool has no unit yet", html, StringComparison.Ordinal);
        Assert.Contains("vsan token create", html, StringComparison.Ordinal);
        Assert.Contains("vsan-blockserver run", html, StringComparison.Ordinal);
        Assert.Contains("vsan-unit run", html, StringComparison.Ordinal);
        Assert.Contains("--station https://station.example:8443 --ca-fingerprint sha256:0b558d72", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attribute_EmptyText_IsWrittenEmpty()
    {
        // Without its value an option sends its text, and "None yet" is no host.
        XDocument page = PageMarkup.Parse(await SamplePages.RenderAsync("volumes"));
        Assert.Single(page.Descendants("option"), option => option.Value == "None yet" && (string?)option.Attribute("value") == "");
        Assert.Single(page.Descendants("img"), image => (string?)image.Attribute("alt") == "");
    }

    [Fact]
    public void UnitOrder_PendingAndNamed_PendingFirstThenByName() => Assert.Equal(
        ["b", "a", "c"],
        UnitOrder.ByName([SamplePages.Unit("c", UnitState.Ready), SamplePages.Unit("b", UnitState.Pending), SamplePages.Unit("a", UnitState.Suspect)]).Select(unit => unit.Name));

    [Fact]
    public async Task Overview_PoolWithUnits_DoesNotSayItIsEmpty() =>
        Assert.DoesNotContain("The pool has no unit yet", await SamplePages.RenderAsync("overview"), StringComparison.Ordinal);

    [Fact]
    public async Task Units_Pending_OffersApprovalWithItsCode()
    {
        XDocument page = PageMarkup.Parse(await SamplePages.RenderAsync("units"));
        XElement form = Assert.Single(page.Descendants("form"), f => ((string?)f.Attribute("action"))!.EndsWith("/approve", StringComparison.Ordinal));
        Assert.Equal("post", (string?)form.Attribute("method"));
        Assert.Contains("K7QF-M2XA", form.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tasks_OnlyTheOneThatNeedsAPerson_OffersToTryAgain()
    {
        XDocument page = PageMarkup.Parse(await SamplePages.RenderAsync("tasks"));
        Assert.Single(page.Descendants("form"), f => ((string?)f.Attribute("action"))!.EndsWith("/retry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task PurgeVolume_AsksForTheName()
    {
        XDocument page = PageMarkup.Parse(await SamplePages.RenderAsync("purge"));
        XElement form = Assert.Single(page.Descendants("form"), f => ((string?)f.Attribute("action"))!.EndsWith("/purge", StringComparison.Ordinal));
        Assert.Single(form.Descendants("input"), input => (string?)input.Attribute("name") == "confirm");
    }
}
