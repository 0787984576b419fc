using System.Text;

namespace SimLedger.IntegrationTests.Exporting;

/// <summary>Reads CSV by the letter of RFC 4180, and nothing besides: CRLF ends a record, quotes are doubled within quotes.</summary>
internal static class CsvText
{
    public static List<List<string>> Read(string text)
    {
        var (records, record, cell, i) = (new List<List<string>>(), new List<string>(), new StringBuilder(), 0);
        while (i < text.Length)
        {
            if (text[i] == '"')
            {
                Assert.Equal(0, cell.Length);
                for (i++; text[i] != '"' || (i + 1 < text.Length && text[i + 1] == '"'); i++)
                {
                    if (text[i] == '"') i++;
                    cell.Append(text[i]);
                }
                i++;
                Assert.True(text[i] is ',' or '\r', $"{text[i]} after a closing quote");
            }
            else if (text[i] is ',' or '\r')
            {
                record.Add(cell.ToString());
                cell.Clear();
                if (text[i] == '\r')
                {
                    Assert.Equal('\n', text[++i]);
                    records.Add(record);
                    record = [];
                }
                i++;
            }
            else
            {
                Assert.NotEqual('\n', text[i]);
                cell.Append(text[i++]);
            }
        }
        Assert.Empty(record);
        Assert.All(records, r => Assert.Equal(records[0].Count, r.Count));
        return records;
    }
}
