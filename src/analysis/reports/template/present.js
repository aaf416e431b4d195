// Without this script the page reads as it does; with it, it can be shown section by section.
(function(){
var root=document.documentElement,main=document.getElementById('inhoud'),
tools=document.querySelector('.page-tools'),bar=document.querySelector('.present-bar');
if(!main||!tools)return;
function on(name,act){document.querySelectorAll('[data-do="'+name+'"]').forEach(function(one){
one.addEventListener('click',act);});}
function paper(a3){root.classList.toggle('a3',a3);window.print();}
on('a4',function(){paper(false);});
on('a3',function(){paper(true);});
tools.hidden=false;
root.classList.toggle('a3',location.hash==='#a3');
if(!bar)return;
// 18 pt, what the back row reads.
var LETTER=24;
var slides=gather(),at=-1,from=null,count=bar.querySelector('.present-count');

// A heading with a line or two goes along with the figure below it as its first line;
// a longer text has a screen of its own.
function gather(){
var found=[],heading=null;
Array.prototype.forEach.call(main.children,function(one){
if(!one.matches('section.text')){found.push(heading?[heading,one]:[one]);return;}
var next=one.nextElementSibling,short=one.querySelectorAll('p').length<2&&
!one.querySelector('h1,ul,ol,blockquote,table');
if(one.querySelector('h2'))heading=null;
if(short&&next&&!next.matches('section.text')){if(one.querySelector('h2'))heading=one;return;}
found.push([one]);
});
return found;
}
function scale(svg){
var box=svg.getBoundingClientRect(),own=svg.viewBox.baseVal;
return Math.min(box.width/own.width,box.height/own.height);
}
// The smallest letters of a picture in its own units, but for its source line, which is told below.
function smallest(svg){
var sizes=[];
svg.querySelectorAll('text').forEach(function(one){
sizes.push(parseFloat(getComputedStyle(one).fontSize));});
svg.querySelectorAll('g[transform*="scale"]').forEach(function(one){
var own=one.getAttribute('transform').match(/scale.([\d.]+) -/);
if(own)sizes.push(100*own[1]);});
sizes=sizes.filter(function(size){return size>8.01;});
return sizes.length?Math.min.apply(null,sizes):LETTER;
}
// A list is read row by row; of a map or of lines half says nothing.
function isList(svg){return !svg.closest('.map')&&!svg.hasAttribute('data-whole');}
// The words above the picture or beside it: whichever leaves the picture larger. A list whose
// letters the back row cannot read then gets the width of the screen, and the keys pass its rows.
function fit(){
var figure=main.querySelector('figure.on'),svg=figure&&figure.querySelector('.picture svg');
main.querySelectorAll('.picture svg').forEach(function(one){one.style.width=one.style.height='';});
var text=main.querySelector('.text.on:not(.kicker)');
if(text){
text.classList.remove('tight');
text.classList.toggle('tight',below(main)>2);
}
if(!svg||!presenting())return;
figure.classList.remove('beside','rows');
figure.classList.toggle('long',figure.querySelector('h3').textContent.length>110);
if(root.classList.contains('larger')){
var wide=Math.max(svg.parentNode.clientWidth,svg.viewBox.baseVal.width*LETTER/smallest(svg));
svg.style.width=wide+'px';
svg.style.height='auto';
return;
}
var above=scale(svg);
figure.classList.add('beside');
if(scale(svg)<1.05*above||figure.scrollHeight>figure.clientHeight+1)figure.classList.remove('beside');
if(root.classList.contains('whole')||!isList(svg)||scale(svg)*smallest(svg)>LETTER-.5)return;
figure.classList.remove('beside');
figure.classList.add('rows');
svg.style.width=Math.min(svg.parentNode.clientWidth,svg.viewBox.baseVal.width*LETTER/smallest(svg))+'px';
svg.style.height='auto';
}
function address(hash){
try{history.replaceState(null,'',hash||location.pathname+location.search);}catch(refused){return;}
}
function show(number){
at=Math.max(0,Math.min(slides.length-1,number));
main.querySelectorAll('.on').forEach(function(one){one.classList.remove('on','kicker','beside','rows');});
slides[at].forEach(function(one,place){
one.classList.add('on');
if(place<slides[at].length-1)one.classList.add('kicker');
});
root.classList.remove('explained','larger','whole');
fit();
boxes().forEach(function(box){box.scrollTop=box.scrollLeft=0;});
count.textContent=(at+1)+' van '+slides.length;
var shown=slides[at][slides[at].length-1];
shown.tabIndex=-1;
shown.focus({preventScroll:true});
tell();
address('#presenteren-'+(at+1));
}
// What does not fit on the screen is passed before the next one comes.
function boxes(){
var picture=main.querySelector((root.classList.contains('larger')?'figure.on':'figure.on.rows')+
' .picture');
return [picture,main.querySelector('.on>.table-wrap'),main].filter(Boolean);
}
function right(box){return box.scrollWidth-box.clientWidth-box.scrollLeft;}
function below(box){return box.scrollHeight-box.clientHeight-box.scrollTop;}
function pan(way,key){
var aside=key!=='ArrowDown'&&key!=='ArrowUp';
return boxes().some(function(box){
var x=way>0?right(box):box.scrollLeft,y=way>0?below(box):box.scrollTop;
if(aside&&x>2)box.scrollLeft+=way*.8*box.clientWidth;
else if(y>2){
box.scrollTop+=way*.8*box.clientHeight;
if(aside)box.scrollLeft=way>0?0:box.scrollWidth;
}else return false;
return true;
});
}
function step(way,key){
if(!pan(way,key))show(at+way);
tell();
}
function tell(){
count.classList.toggle('more',boxes().some(function(box){return right(box)>2||below(box)>2;}));
}
function nearest(){
var found=0;
slides.forEach(function(slide,number){
if(slide[0].getBoundingClientRect().top<window.innerHeight/2)found=number;});
return found;
}
function begin(number){
from=document.activeElement;
var first=number===undefined?nearest():number;
root.classList.add('presenting');
if(root.requestFullscreen)root.requestFullscreen().catch(function(){});
show(first);
}
function end(){
if(!presenting())return;
var last=slides[at][slides[at].length-1];
root.classList.remove('presenting','explained','larger','whole');
fit();
main.querySelectorAll('.on').forEach(function(one){one.classList.remove('on','kicker','beside','rows');});
if(document.fullscreenElement)document.exitFullscreen().catch(function(){});
address('');
last.scrollIntoView({block:'start'});
(from&&from.matches&&from.matches('button')?from:last).focus({preventScroll:true});
}
function explain(){root.classList.remove('larger');root.classList.toggle('explained');fit();tell();}
// The picture alone, every letter large enough for the room; the arrows move over it. Of a list,
// of which the letters are so already, the whole at once.
function enlarge(){
root.classList.remove('explained');
root.classList.toggle(root.classList.contains('whole')||main.querySelector('figure.on.rows')?
'whole':'larger');
fit();
tell();
}
function presenting(){return root.classList.contains('presenting');}
var steps={ArrowRight:1,ArrowDown:1,PageDown:1,' ':1,ArrowLeft:-1,ArrowUp:-1,PageUp:-1};
document.addEventListener('keydown',function(event){
if(event.ctrlKey||event.altKey||event.metaKey||event.defaultPrevented)return;
var where=event.target.closest?event.target:root,key=event.key;
if(where.closest('input,select,textarea,[contenteditable]'))return;
if(key==='p'||key==='P'){if(presenting())end();else begin();}
else if(!presenting())return;
else if(key==='Escape')end();
else if(key==='Home')show(0);
else if(key==='End')show(slides.length-1);
else if(key==='u'||key==='U')explain();
else if(key==='g'||key==='G')enlarge();
else if(steps[key]){
// A button is pressed with the space bar.
if(where.closest('button,a')&&key===' ')return;
step(steps[key],key);
}else return;
event.preventDefault();
});
on('present',function(){begin();});
on('back',function(){step(-1,'');});
on('next',function(){step(1,'');});
on('explain',explain);
on('larger',enlarge);
on('stop',end);
window.addEventListener('resize',function(){if(presenting()){fit();tell();}});
document.addEventListener('scroll',function(){if(presenting())tell();},true);
var full=false;
document.addEventListener('fullscreenchange',function(){
if(full&&!document.fullscreenElement)end();
full=Boolean(document.fullscreenElement);
});
var asked=location.hash.match(/^#presenteren(?:-(\d+))?$/);
if(asked)begin(asked[1]?asked[1]-1:0);
})();
