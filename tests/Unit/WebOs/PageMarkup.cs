using System.Xml;
using System.Xml.Linq;

namespace VSan.Tests.Markup;

/// <summary>A rendered page, read as XML: our templates close every element, so that the strictest reader can check them.</summary>
internal static class PageMarkup
{
    public static XDocument Parse(string html)
    {
        using XmlReader reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    /// <summary>Attributes and elements that a strict content security policy would block, or that would run.</summary>
    public static IEnumerable<string> Forbidden(XDocument page) =>
        page.Descendants().Attributes().Where(a => a.Name.LocalName == "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)).Select(a => a.ToString())
            .Concat(page.Descendants().Where(e => e.Name.LocalName == "style" || (e.Name.LocalName == "script" && (!e.IsEmpty && e.Value.Length > 0 || ((string?)e.Attribute("src"))?.StartsWith("/assets/", StringComparison.Ordinal) != true))).Select(e => e.Name.LocalName));

    /// <summary>Ids that more than one element has.</summary>
    public static IEnumerable<string> Repeated(XDocument page) =>
        page.Descendants().Attributes("id").GroupBy(id => id.Value).Where(same => same.Count() > 1).Select(same => same.Key);

    /// <summary>Controls without a name that a screen reader can say.</summary>
    public static IEnumerable<XElement> Unnamed(XDocument page)
    {
        HashSet<string?> labelled = [.. page.Descendants("label").Select(label => (string?)label.Attribute("for"))];
        return page.Descendants()
            .Where(e => e.Name.LocalName is "input" or "select" or "meter" or "progress" && (string?)e.Attribute("type") != "hidden")
            .Where(e => !labelled.Contains((string?)e.Attribute("id")) && e.Attribute("aria-label") is null && e.Attribute("aria-labelledby") is null);
    }
}
